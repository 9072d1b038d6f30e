using System.Runtime.Versioning;
using System.Text.Encodings.Web;
using Newtonsoft.Json.Linq;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary><c>chats emulator --state</c>: what was there is there again, whatever happened in between.</summary>
public sealed class StateFileTests
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chats-state-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "state.json");

    [TearDown]
    public void Clean() => _folder.Delete(recursive: true);

    [Test]
    public async Task A_missing_file_is_created_from_the_demo_data_before_the_first_line()
    {
        await using var run = await EmulatorRun.StartAsync("--state", Path);
        var made = JObject.Parse(await File.ReadAllTextAsync(Path));
        var ran = await run.StopAsync();

        using var scope = Assert.EnterMultipleScope();
        Assert.That(made["keys"]!.Select(it => (string?)it["key"]), Is.EqualTo(new[] { "demo-all", "demo-none", "demo-read-only" }));
        Assert.That(made.SelectTokens("businesses[0].chats[0].messages[*].id").Select(it => (int)it), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That((ran.ExitCode, ran.Error), Is.EqualTo((0, "")));
        Assert.That(_folder.GetFiles().Select(it => it.Name), Is.EqualTo(new[] { "state.json" }));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows has no such rights, and needs one to create a link.")]
    [UnsupportedOSPlatform("windows")]
    public async Task Only_its_owner_can_read_it_even_if_others_could_before_and_a_link_to_it_remains()
    {
        var link = File.CreateSymbolicLink(System.IO.Path.Combine(_folder.FullName, "link"), Path);
        await (await EmulatorRun.StartAsync("--state", Path)).StopAsync();
        var made = File.GetUnixFileMode(Path);
        File.SetUnixFileMode(Path, (UnixFileMode)Convert.ToInt32("644", 8));
        await (await EmulatorRun.StartAsync("--state", link.FullName)).StopAsync();

        Assert.That(new[] { made, File.GetUnixFileMode(Path) }, Is.All.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(new FileInfo(link.FullName).LinkTarget, Is.EqualTo(Path));
    }

    [Test]
    public async Task What_arrived_in_one_run_is_restored_in_the_next_byte_for_byte()
    {
        const string Text = " <b>Жук</b> \u0001 \"😀\" \u2028\r\n";
        await using (var first = await EmulatorRun.StartAsync("--state", Path))
        {
            Assert.That(await first.SendAsync(Text), Is.EqualTo(HttpStatusCode.OK));
            await first.StopAsync();
        }

        var saved = await File.ReadAllBytesAsync(Path);
        await using (var second = await EmulatorRun.StartAsync("--state", Path))
        {
            var read = await second.ReadAsync(4);
            var file = await second.ReadAsync(2);
            await second.StopAsync();
            Assert.That((string?)read["message"], Is.EqualTo(Text));
            Assert.That((string?)file["payload"]![0]!["name"], Is.EqualTo("box.jpg"));
        }

        Assert.That(await File.ReadAllBytesAsync(Path), Is.EqualTo(saved));
    }

    [Test]
    public async Task Concurrent_changes_during_a_save_are_all_saved()
    {
        await using var run = await EmulatorRun.StartAsync("--state", Path);
        var sent = await Task.WhenAll(Enumerable.Range(0, 4).Select(side => Task.Run(async () =>
        {
            var count = 0;
            for (var i = 0; i < 25; i++)
            {
                count += await run.SendAsync($"{side}:{i}") == HttpStatusCode.OK ? 1 : 0;

                // It is replaced while it is read here: at every moment it is whole.
                JObject.Parse(await File.ReadAllTextAsync(Path));
            }

            return count;
        })));
        await run.StopAsync();

        var texts = JObject.Parse(await File.ReadAllTextAsync(Path)).SelectTokens("businesses[0].chats[0].messages[*].text").Select(it => (string?)it);
        Assert.That(sent, Is.All.EqualTo(25));
        Assert.That(texts.Skip(2), Is.EquivalentTo(Enumerable.Range(0, 100).Select(it => $"{it / 25}:{it % 25}")));
    }

    [TestCase("", "It is empty: delete it")]
    [TestCase("{", "line 1")]
    [TestCase("{\n  \"version\": 1,\n  \"keys\": [],\n  \"businesses\": [{ \"id\": \"one\", \"chats\": [] }]\n}", "line 4, $.businesses[0].id")]
    [TestCase("""{"version":1,"keys":[],"businesses":[],"chats":[]}""", "line 1: Unknown member; its name is not shown")]
    [TestCase("""{"version":1,"keys":[{"key":"demo-all","scopes":[],"Kanarienvogel":1}],"businesses":[]}""", "line 1: Unknown member; its name is not shown")]
    [TestCase("""{"version":1,"keys":[],"businesses":[],"lastMessageId":-1}""", "$: lastMessageId must be from 0 to 4611686018427387903.")]
    [TestCase("""{"version":1,"keys":[],"businesses":[],"lastMessageId":9223372036854775807}""", "$: lastMessageId must be from 0 to 4611686018427387903.")]
    [TestCase("""{"version":1,"keys":[]}""", "businesses")]
    [TestCase("""{"version":1,"version":1,"keys":[],"businesses":[]}""", "version")]
    [TestCase("""{"version":2,"keys":[],"businesses":[]}""", "$: The version is 2; this emulator supports version 1")]
    [TestCase("""{"version":1,"keys":[null],"businesses":[]}""", "$.keys[0]: It is null")]
    [TestCase("""{"version":1,"keys":[{"key":"a b","scopes":[]}],"businesses":[]}""", "$.keys[0]: A key may contain only the characters")]
    [TestCase("""{"version":1,"keys":[{"key":"a","scopes":[""]}],"businesses":[]}""", "$.keys[0]: A scope is empty")]
    [TestCase("""{"version":1,"keys":[{"key":"a","scopes":[]},{"key":"a","scopes":[]}],"businesses":[]}""", "$.keys[1]: The key appears twice")]
    [TestCase("""{"version":1,"keys":[{"key":"a","scopes":[],"businessId":7}],"businesses":[]}""", "$.keys[0]: There is no business 7")]
    [TestCase("""{"version":1,"keys":[],"businesses":[{"id":0,"chats":[]}]}""", "$.businesses[0]: businessId ('0') must be")]
    [TestCase("""{"version":1,"keys":[],"businesses":[{"id":1,"chats":[]},{"id":1,"chats":[]}]}""", "$.businesses[1]: Business 1 already exists")]
    [TestCase("""{"version":1,"keys":[],"businesses":[{"id":1,"chats":[{"id":-2,"messages":[]}]}]}""", "$.businesses[0].chats[0]: chatId ('-2') must be")]
    public Task An_invalid_state_file_is_reported_with_its_position_and_not_changed(string content, string told) => IsRefusedAsync(content, told);

    [TestCase("""{"id":3,"createdAt":"2025-11-21T13:20:30+03:00","sender":"CUSTOMER"}""", "$.businesses[0].chats[1].messages[1]: A message needs a text or an attachment")]
    [TestCase("""{"id":3,"createdAt":"yesterday","sender":"CUSTOMER","text":"x"}""", "messages[1].createdAt: It must be a time with an offset")]
    [TestCase("""{"id":3,"createdAt":"2025-11-21T13:20:30","sender":"CUSTOMER","text":"x"}""", "messages[1].createdAt: It must be a time with an offset")]
    [TestCase("""{"id":3,"createdAt":"2025-11-21Z","sender":"CUSTOMER","text":"x"}""", "messages[1].createdAt: It must be a time with an offset")]
    [TestCase("""{"id":3,"createdAt":"2025-11-21T13:20:30Z","sender":" ","text":"x"}""", "messages[1]: The value cannot be an empty string or composed entirely of whitespace")]
    [TestCase("""{"id":2,"createdAt":"2025-11-21T13:20:30Z","sender":"CUSTOMER","text":"x"}""", "messages[1]: The id is 2, but must be greater than 2")]
    [TestCase("""{"id":9223372036854775807,"createdAt":"2025-11-21T13:20:30Z","sender":"CUSTOMER","text":"x"}""", "messages[1]: The id is 9223372036854775807, but must be at most")]
    [TestCase("""{"id":9,"createdAt":"2025-11-21T13:20:30Z","sender":"CUSTOMER","text":"x"}""", "messages[1]: The id 9 appears twice: ids are unique")]
    [TestCase("""{"id":3,"createdAt":"2025-11-21T13:20:30Z","sender":"CUSTOMER","text":"\ud83d"}""", "messages[1].text")]
    [TestCase("""{"id":3,"createdAt":"2025-11-21T13:20:30Z","sender":"CUSTOMER","attachments":[{"name":"a","url":"","size":1}]}""", "messages[1]: An attachment needs a name")]
    [TestCase("""{"id":3,"createdAt":"2025-11-21T13:20:30Z","sender":"CUSTOMER","attachments":[{"name":"a","url":"b","size":-1}]}""", "messages[1]: An attachment needs a name")]
    public Task An_invalid_message_is_reported_with_its_position_and_the_file_is_not_changed(string message, string told) => IsRefusedAsync($$"""
        {"version":1,"keys":[],"businesses":[{"id":1,"chats":[
          {"id":1,"messages":[{"id":9,"createdAt":"2025-11-21T13:20:30Z","sender":"MARKET","text":"Kanarienvogel"}]},
          {"id":2,"messages":[{"id":2,"createdAt":"2025-11-21T13:20:30Z","sender":"MARKET","text":"Kanarienvogel"},{{message}}]}]}]}
        """, told);

    [Test]
    public async Task A_hand_written_file_needs_only_the_required_members()
    {
        await File.WriteAllTextAsync(Path, """
            {"version":1,"keys":[{"key":"demo-all","scopes":["communication"],"businessId":1},{"key":"old","scopes":["communication"],"revoked":true}],
             "businesses":[{"id":1,"chats":[{"id":2,"messages":[
               {"id":3,"createdAt":"2025-11-21T13:20:30Z","sender":"COURIER","attachments":[{"name":"","url":"x","size":0}]}]}]}],"lastMessageId":70}
            """, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        await using var run = await EmulatorRun.StartAsync("--state", Path);
        var read = await run.ReadAsync(3);
        var revoked = await new TestTool { Environment = { ["CHATS_API_KEY"] = "old" } }.RunAsync(run.Call("get", "--message", "3"));
        await run.SendAsync("Hello");
        var ran = await run.StopAsync();

        using var scope = Assert.EnterMultipleScope();
        Assert.That(read.ToJsonString(new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), Is.EqualTo(
            """{"messageId":3,"createdAt":"2025-11-21T13:20:30+00:00","sender":"COURIER","payload":[{"name":"","url":"x","size":0}]}"""));
        Assert.That(revoked.Error, Does.Contain("Api-Key token is revoked"));
        Assert.That(ran.ExitCode, Is.Zero);
        Assert.That(JObject.Parse(await File.ReadAllTextAsync(Path)).SelectToken("businesses[0].chats[0].messages[1].id")!.Value<int>(), Is.EqualTo(71));
    }

    [Test]
    public async Task Leftovers_of_a_process_that_died_while_saving_do_no_harm()
    {
        await (await EmulatorRun.StartAsync("--state", Path)).StopAsync();
        await File.WriteAllTextAsync(Path + ".tmp", "{\"version\":1,\"keys\":[{\"ke");
        await File.WriteAllTextAsync(Path + ".lock", "");
        await using var run = await EmulatorRun.StartAsync("--state", Path);
        Assert.That((int?)(await run.ReadAsync(1))["messageId"], Is.EqualTo(1));
        await run.StopAsync();

        Assert.That(_folder.GetFiles().Select(it => it.Name), Is.EqualTo(new[] { "state.json" }));
    }

    [Test]
    public async Task Two_emulators_cannot_share_a_file()
    {
        await using var first = await EmulatorRun.StartAsync("--state", Path);
        var second = await new TestTool().RunAsync(["emulator", "--state", Path]);

        Assert.That((second.ExitCode, second.Out), Is.EqualTo((2, "")));
        Assert.That(second.Error, Does.Contain("being used by another process"));
    }

    [TestCase("nowhere/state.json", "cannot be used: Could not find a part of the path")]
    [TestCase(".", "cannot be used: ")]
    [TestCase("", "--state requires the name of a file")]
    public async Task A_path_that_cannot_be_a_file_is_a_usage_error(string name, string told)
    {
        var ran = await new TestTool().RunAsync(["emulator", "--state", name.Length == 0 ? "" : System.IO.Path.Combine(_folder.FullName, name)]);

        Assert.That((ran.ExitCode, ran.Out), Is.EqualTo((2, "")));
        Assert.That(ran.Error, Does.StartWith("chats: ").And.Contains(told));
    }

    [Test]
    public async Task A_failed_save_is_reported_and_retried()
    {
        await using var run = await EmulatorRun.StartAsync("--state", Path);
        Directory.CreateDirectory(System.IO.Path.Combine(Path + ".tmp", "in the way"));
        await run.SendAsync("Zitronenfalter");
        await Until.TrueAsync(() => run.Error.Contains("cannot be written (retrying)", StringComparison.Ordinal));
        Directory.Delete(Path + ".tmp", recursive: true);
        await Until.TrueAsync(() => run.Error.Contains("has been saved", StringComparison.Ordinal));
        Assert.That(await File.ReadAllTextAsync(Path), Does.Contain("Zitronenfalter"));

        Directory.CreateDirectory(System.IO.Path.Combine(Path + ".tmp", "in the way"));
        await run.SendAsync("Pfauenauge");
        var ran = await run.StopAsync();
        Assert.That(ran.ExitCode, Is.EqualTo(1));
        Assert.That(ran.Error, Does.Contain("does not contain the last changes").And.Not.Contains("Pfauenauge"));
    }

    [Test]
    public async Task The_state_is_saved_again_although_the_warning_could_not_be_written()
    {
        await using var emulator = await ChatsEmulator.StartAsync();
        using var writer = new BrokenWriter(typeof(IOException));
        var shell = new TestTool { Error = writer }.CreateShell();
        using var file = new StateFile(Path);
        file.Keep(emulator, shell);
        Directory.CreateDirectory(System.IO.Path.Combine(Path + ".tmp", "in the way"));
        DemoData.AddTo(emulator).Receive("Zitronenfalter");
        await Until.TrueAsync(() => writer.Calls > 0);
        Directory.Delete(Path + ".tmp", recursive: true);
        await Until.TrueAsync(() => File.ReadAllText(Path).Contains("Zitronenfalter", StringComparison.Ordinal));

        Assert.That(await file.FinishAsync(emulator, shell), Is.True);
    }

    [Test]
    public async Task Saved_messages_are_not_announced_again()
    {
        await using var receiver = new LoopbackReceiver();
        await (await EmulatorRun.StartAsync("--state", Path)).StopAsync();
        await using var run = await EmulatorRun.StartAsync("--state", Path, "--notify", $"{receiver.Url}");
        var ping = JObject.Parse(await receiver.ReadAsync());
        await run.SendAsync("Hello");
        var first = JObject.Parse(await receiver.ReadAsync());

        Assert.That(((string?)ping["notificationType"], (string?)first["messageId"]), Is.EqualTo(("PING", "4")));
    }

    [Test]
    [Slow]
    [Platform(Exclude = "Win", Reason = "Windows has no SIGKILL.")]
    public async Task A_killed_process_leaves_a_complete_file_with_what_was_saved_before()
    {
        for (var round = 0; round < 3; round++)
        {
            using var process = ProcessTests.Start(["emulator", "--state", Path], key: null);
            using var http = EmulatorRun.Connect(await process.StandardOutput.ReadLineAsync());
            await EmulatorRun.SendAsync(http, $"first of {round}");
            await Until.TrueAsync(() => File.ReadAllText(Path).Contains($"first of {round}", StringComparison.Ordinal));
            for (var i = 0; i < 40 + (10 * round); i++)
            {
                await EmulatorRun.SendAsync(http, new string('x', 4000));
            }

            process.Kill();
            await process.WaitForExitAsync();
        }

        var texts = JObject.Parse(await File.ReadAllTextAsync(Path)).SelectTokens("businesses[0].chats[0].messages[*].text").Select(it => (string?)it).ToArray();
        Assert.That(texts, Does.Contain("first of 0").And.Contains("first of 1").And.Contains("first of 2"));
    }

    private async Task IsRefusedAsync(string content, string told)
    {
        await File.WriteAllTextAsync(Path, content);

        var ran = await new TestTool().RunAsync(["emulator", "--state", Path]);

        using var scope = Assert.EnterMultipleScope();
        Assert.That((ran.ExitCode, ran.Out), Is.EqualTo((2, "")));
        Assert.That(ran.Error, Does.StartWith($"chats: {Path} cannot be read: ").And.Contains(told).And.Contains("The file was not changed."));
        Assert.That(ran.Error, Does.Not.Contain("Kanarienvogel"));
        Assert.That(await File.ReadAllTextAsync(Path), Is.EqualTo(content));
        Assert.That(_folder.GetFiles(), Has.Length.EqualTo(1));
    }
}
