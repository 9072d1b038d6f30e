// A test has everything of its own but the witness, which one process serves to all tests of a folder. They run one after another:
// they are short, and the machine is busy with the witnesses themselves.
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
