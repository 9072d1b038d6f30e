// One Prism serves all tests, which run one after another: they are short, and the machine is busy with Prism itself.
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
