using System.Runtime.InteropServices;
using YandexMarket.Chats.Cli;

using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
// A terminal that is closed. Under nohup .NET leaves the signal ignored.
using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Stop);
return await Tool.RunAsync(args, Shell.OfProcess(), stop.Token);

// The first signal asks the command to stop gracefully; a second one ends the process at once.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
