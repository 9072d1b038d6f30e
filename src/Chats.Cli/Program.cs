using YandexMarket.Chats.Cli;

using var process = new ProcessShell();
return await Tool.RunAsync(args, process.Shell, process.CancellationToken);
