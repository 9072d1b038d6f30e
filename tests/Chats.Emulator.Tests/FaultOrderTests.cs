namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>Which call a fault strikes.</summary>
public sealed class FaultOrderTests
{
    private const string Read = "/v2/businesses/1/chats/message?chatId=2&messageId=1";
    private const string Send = "/v2/businesses/1/chats/message?chatId=2";

    [Test]
    public async Task Faults_come_in_the_order_in_which_they_were_asked_for()
    {
        await using var emulator = await StartAsync();
        emulator.Faults.Next(ChatsFault.InternalServerError, times: 2);
        emulator.Faults.Next(ChatsFault.ServiceUnavailable);

        Assert.That(await ReadAsync(emulator, 5), Is.EqualTo(new[] { 500, 500, 503, 200, 200 }));
    }

    [Test]
    public async Task A_fault_for_one_operation_leaves_the_other_alone()
    {
        await using var emulator = await StartAsync();
        emulator.Faults.Next(ChatsFault.InternalServerError, operation: EmulatedOperation.SendMessageToChat);

        var reads = await ReadAsync(emulator, 2);
        var send = await Wire.PostAsync(emulator, Send, """{"message":"Hi"}""");

        Assert.That((reads[0], reads[1], send.Status), Is.EqualTo((200, 200, 500)));
    }

    [Test]
    public async Task Other_addresses_are_never_struck()
    {
        await using var emulator = await StartAsync();
        emulator.Faults.Next(ChatsFault.InternalServerError);

        var nowhere = await Wire.GetAsync(emulator, "/v2/nothing");

        Assert.That((nowhere.Status, emulator.Faults.Pending), Is.EqualTo((404, 1)));
    }

    [Test]
    public async Task Clear_calls_everything_off()
    {
        await using var emulator = await StartAsync();
        emulator.Faults.Next(ChatsFault.InternalServerError, times: 3);
        emulator.Faults.Random(1, 1, ChatsFault.ServiceUnavailable);
        var struck = await ReadAsync(emulator, 4);

        emulator.Faults.Next(ChatsFault.InternalServerError);
        emulator.Faults.Clear();

        Assert.That(struck, Is.EqualTo(new[] { 500, 500, 500, 503 }));
        Assert.That(await ReadAsync(emulator, 3), Is.EqualTo(new[] { 200, 200, 200 }));
        Assert.That((emulator.Faults.Pending, emulator.Faults.AppliedCount), Is.EqualTo((0, 4)));
    }

    [Test]
    public async Task The_same_seed_strikes_the_same_calls()
    {
        async Task<int[]> RunAsync(int seed)
        {
            await using var emulator = await StartAsync();
            emulator.Faults.Random(seed, 0.4, ChatsFault.InternalServerError, ChatsFault.ServiceUnavailable);
            return await ReadAsync(emulator, 60);
        }

        var one = await RunAsync(42);
        var same = await RunAsync(42);
        var other = await RunAsync(43);

        Assert.That(same, Is.EqualTo(one));
        Assert.That(other, Is.Not.EqualTo(one));
        Assert.That(one.Distinct(), Is.EquivalentTo(new[] { 200, 500, 503 }));
        Assert.That(one.Count(status => status != 200), Is.InRange(14, 34));
    }

    [TestCase(0, ExpectedResult = 0)]
    [TestCase(1, ExpectedResult = 20)]
    public async Task<long> A_probability_of_0_is_never_and_of_1_is_always(double probability)
    {
        await using var emulator = await StartAsync();
        emulator.Faults.Random(7, probability, ChatsFault.ServiceUnavailable);

        var statuses = await ReadAsync(emulator, 20);

        Assert.That(statuses.Count(status => status == 503), Is.EqualTo(emulator.Faults.AppliedCount));
        return emulator.Faults.AppliedCount;
    }

    [Test]
    public async Task What_cannot_be_is_refused_with_a_hint()
    {
        await using var emulator = await StartAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => emulator.Faults.Next(null!), Throws.ArgumentNullException);
            Assert.That(() => emulator.Faults.Next(ChatsFault.Garbage, times: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => emulator.Faults.Random(1, 20), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("0.2"));
            Assert.That(() => emulator.Faults.Random(1, double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => emulator.Faults.Random(1, 0.5, ChatsFault.Garbage, null!), Throws.ArgumentException);
            Assert.That(() => ChatsFault.SlowDrip.BeforeDelivery(), Throws.InvalidOperationException);
            Assert.That(() => ChatsFault.Garbage.For(TimeSpan.FromSeconds(1)), Throws.InvalidOperationException);
            Assert.That(() => ChatsFault.Stall.For(TimeSpan.FromSeconds(-1)), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(ChatsFault.Garbage.AfterDelivery().ToString(), Is.EqualTo("Garbage after delivery"));
            Assert.That(ChatsFault.All, Has.Count.EqualTo(18).And.Unique);
        }
    }

    private static async Task<int[]> ReadAsync(ChatsEmulator emulator, int times)
    {
        var statuses = new int[times];
        for (var i = 0; i < times; i++)
        {
            statuses[i] = (await Wire.GetAsync(emulator, Read)).Status;
        }

        return statuses;
    }

    private static async Task<ChatsEmulator> StartAsync()
    {
        var emulator = await ChatsEmulator.StartAsync();
        emulator.AddKey("key", "communication");
        emulator.AddBusiness(1).AddChat(2).Receive("Hello?");
        return emulator;
    }
}
