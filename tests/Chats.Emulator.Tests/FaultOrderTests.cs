namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>Which calls have a fault.</summary>
public sealed class FaultOrderTests : EmulatorTests
{
    [Test]
    public async Task Faults_are_applied_in_the_order_in_which_they_were_added()
    {
        Emulator.Faults.Next(ChatsFault.InternalServerError, times: 2);
        Emulator.Faults.Next(ChatsFault.ServiceUnavailable);

        Assert.That(await ReadAsync(5), Is.EqualTo(new[] { 500, 500, 503, 200, 200 }));
    }

    [Test]
    public async Task A_fault_of_one_operation_does_not_affect_the_other_and_none_affects_other_addresses()
    {
        Emulator.Faults.Next(ChatsFault.InternalServerError, operation: EmulatedOperation.SendMessageToChat);

        var reads = await ReadAsync(2);
        var other = await GetAsync("/v2/nothing");
        var pending = Emulator.Faults.Pending;
        var send = await PostAsync();

        Assert.That((reads[0], reads[1], other.Status, pending, send.Status), Is.EqualTo((200, 200, 404, 1, 500)));
    }

    [Test]
    public async Task Clear_removes_all_faults()
    {
        Emulator.Faults.Next(ChatsFault.InternalServerError, times: 3);
        Emulator.Faults.Random(1, 1, ChatsFault.ServiceUnavailable);
        var before = await ReadAsync(4);

        Emulator.Faults.Next(ChatsFault.InternalServerError);
        Emulator.Faults.Clear();

        Assert.That(before, Is.EqualTo(new[] { 500, 500, 500, 503 }));
        Assert.That(await ReadAsync(3), Is.EqualTo(new[] { 200, 200, 200 }));
        Assert.That((Emulator.Faults.Pending, Emulator.Faults.AppliedCount), Is.EqualTo((0, 4)));
    }

    [Test]
    public async Task The_same_seed_gives_the_same_calls_a_fault()
    {
        async Task<int[]> RunAsync(int seed, double probability = 0.4)
        {
            Emulator.Faults.Random(seed, probability, ChatsFault.InternalServerError, ChatsFault.ServiceUnavailable);
            return await ReadAsync(60);
        }

        var one = await RunAsync(42);
        var same = await RunAsync(42);
        var other = await RunAsync(43);
        var none = await RunAsync(42, probability: 0);
        var all = await RunAsync(42, probability: 1);

        Assert.That(same, Is.EqualTo(one));
        Assert.That(other, Is.Not.EqualTo(one));
        Assert.That(one.Distinct(), Is.EquivalentTo(new[] { 200, 500, 503 }));
        Assert.That(one.Count(status => status != 200), Is.InRange(14, 34));
        Assert.That((none.Count(status => status != 200), all.Count(status => status == 200)), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Invalid_faults_are_rejected()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => Emulator.Faults.Next(null!), Throws.ArgumentNullException);
            Assert.That(() => Emulator.Faults.Next(ChatsFault.Garbage, times: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => Emulator.Faults.Random(1, 20), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("0.2"));
            Assert.That(() => Emulator.Faults.Random(1, double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => Emulator.Faults.Random(1, 0.5, ChatsFault.Garbage, null!), Throws.ArgumentException);
            Assert.That(() => ChatsFault.Garbage.For(TimeSpan.FromSeconds(1)), Throws.InvalidOperationException);
            Assert.That(() => ChatsFault.Stall.For(TimeSpan.FromSeconds(-1)), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(ChatsFault.Garbage.AfterDelivery().ToString(), Is.EqualTo("Garbage after delivery"));
            Assert.That(ChatsFault.All, Has.Count.EqualTo(18).And.Unique);
        }
    }

    private async Task<int[]> ReadAsync(int times)
    {
        Chat.Receive("Hello?");
        var statuses = new int[times];
        for (var i = 0; i < times; i++)
        {
            statuses[i] = (await GetAsync()).Status;
        }

        return statuses;
    }
}
