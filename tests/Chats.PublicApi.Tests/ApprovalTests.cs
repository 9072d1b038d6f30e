namespace YandexMarket.Chats.PublicApi.Tests;

public sealed class ApprovalTests
{
    private string _file = "";

    [SetUp]
    public void Make() => _file = Path.GetTempFileName();

    [TearDown]
    public void Remove() => File.Delete(_file);

    [Test]
    public void The_check_tells_a_difference_and_leaves_the_file_alone()
    {
        File.WriteAllText(_file, "same\nold\n");

        Assert.That(
            Approval.Differs(_file, "same\nnew\n", isCheck: true),
            Does.Contain("Run Chats.PublicApi.Tests").And.EndsWith("\n- old\n+ new"));
        Assert.That(File.ReadAllText(_file), Is.EqualTo("same\nold\n"));
    }

    [Test]
    public void A_run_of_a_developer_tells_a_difference_once_and_writes_the_file()
    {
        File.WriteAllText(_file, "same\nold\n");

        Assert.That(
            Approval.Differs(_file, "same\nnew\n", isCheck: false),
            Does.Contain("has been written anew").And.EndsWith("\n- old\n+ new"));
        Assert.That(File.ReadAllText(_file), Is.EqualTo("same\nnew\n"));
        Assert.That(Approval.Differs(_file, "same\nnew\n", isCheck: false), Is.Null);
    }

    [Test]
    public void Lines_in_another_order_are_a_difference()
    {
        File.WriteAllText(_file, "b\na\n");

        Assert.That(Approval.Differs(_file, "a\nb\n", isCheck: true), Is.Not.Null);
    }

    [Test]
    public void A_file_that_is_not_there_is_a_difference()
    {
        File.Delete(_file);

        Assert.That(Approval.Differs(_file, "new\n", isCheck: true), Does.EndWith("\n+ new"));
        Assert.That(_file, Does.Not.Exist);
    }
}
