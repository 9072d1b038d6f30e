namespace YandexMarket.Chats.Cli.Tests;

/// <summary>Calls that the service rejects: certainly not sent.</summary>
public sealed class RefusalTests : ServiceFixture
{
    // The service's reason is shown for a read only: that for a send may quote the text.
    [TestCase("get", "demo-all", "--chat 2 --message 404", 404, "NOT_FOUND: Can't find message by id: '404' for chat '2'")]
    [TestCase("get", "dead-key", "--chat 2 --message 2", 401, "UNAUTHORIZED: Api-Key token is invalid")]
    [TestCase("get", "demo-none", "--chat 2 --message 2", 403, "FORBIDDEN: Token does not have any of the scopes to access the API method")]
    [TestCase("send", "dead-key", "--chat 2 --text Hello", 401, null)]
    [TestCase("send", "demo-none", "--chat 2 --text Hello", 403, null)]
    [TestCase("send", "demo-read-only", "--chat 2 --text Hello", 403, null)]
    [TestCase("send", "demo-all", "--chat 404 --text Hello", 404, null)]
    public async Task A_rejected_call_has_its_exit_code_and_the_services_reason(string command, string key, string arguments, int status, string? reason)
    {
        var operation = command == "get" ? "getChatMessage" : "sendMessageToChat";
        var tool = new TestTool { Environment = { ["CHATS_API_KEY"] = key } };
        var args = Service.With([command, "--business", "1", .. arguments.Split(' ')]);

        var forPerson = await tool.RunAsync(args);
        var forScript = await tool.RunAsync([.. args, "--json"]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((forPerson.ExitCode, forPerson.Out), Is.EqualTo((3, "")));
            Assert.That(forPerson.Error,
                Does.StartWith($"chats: {operation}: the service responded {status}").And.Contains(reason ?? "The message was not sent."));
            Assert.That((forScript.ExitCode, forScript.Error, (int)forScript.Json["exitCode"]!), Is.EqualTo((3, "", 3)));
            Assert.That((forScript.Json.ContainsKey("sent"), (string?)forScript.Json["sent"]), Is.EqualTo(command == "send" ? (true, "no") : (false, null)));
            var error = forScript.Json["error"]!;
            Assert.That((int)error["status"]!, Is.EqualTo(status));
            Assert.That(error["reasons"]?.Values<string>(), Is.EqualTo(reason is null ? null : new[] { reason }));
            Assert.That((string?)error["traceParent"], Is.EqualTo(Service.Emulator.Requests.Last().TraceParent));
            Assert.That((Service.Emulator.Requests.Total, Service.Emulator.Requests.TotalDelivered), Is.EqualTo((2L, 0L)));
        }
    }
}
