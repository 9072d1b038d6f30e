// Serves a million calls over loopback and says how fast, and what it costs in memory:
//
//     dotnet run -c Release --project tests/Chats.Emulator.Load [calls [connections]]
//
// The load generator runs in the same process, so the calls a second are fewer than the emulator alone would serve, and the memory is
// that of both. Exit code 1: fewer than 15,000 calls a second, or the memory grew. The emulator holds what it is told to hold by
// default (100,000 messages of a chat, 1,000 calls in its record): the first part of the calls fills that and is not judged.
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using YandexMarket.Chats.Emulator;
using YandexMarket.Chats.Emulator.Load;

const int WantedPerSecond = 15_000;
const int Chapters = 10;
const int ChaptersToFill = 4;
const double HeapMayGrowBy = 4;
const double ProcessMayGrowBy = 16;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var calls = args.Length > 0 ? int.Parse(args[0], NumberStyles.AllowThousands, null) : 1_000_000;
var connections = args.Length > 1 ? int.Parse(args[1], null) : 32;

await using var emulator = await ChatsEmulator.StartAsync(new ChatsEmulatorOptions { ParallelLimit = null, HourlyQuota = null });
emulator.AddKey("key-of-the-load", "communication");
var chat = emulator.AddBusiness(1).AddChat(2);
var question = emulator.FindBusiness(1)!.AddChat(3).Receive("Where is my order?");
byte[][] requests =
[
    Request("POST", "chatId=2", """{"message":"Good day! It is on its way and will be with you tomorrow."}"""),
    Request("GET", $"chatId=3&messageId={question.Id}", ""),
];
var load = Enumerable.Range(0, connections)
    .Select(_ => new Connection(new IPEndPoint(IPAddress.Loopback, emulator.BaseAddress.Port), requests)).ToArray();
await Task.WhenAll(load.Select(connection => connection.ConnectAsync()));

var rounds = calls / Chapters / connections / requests.Length;
Console.WriteLine($"{rounds * Chapters * connections * requests.Length:N0} calls, sends and reads in turns, {connections} connections, {Environment.ProcessorCount} processors, .NET {Environment.Version}");
Console.WriteLine("     calls   calls/s   heap MB   process MB");
var serving = TimeSpan.Zero;
var memory = new List<(double Heap, double Process)>();
for (var chapter = 1; chapter <= Chapters; chapter++)
{
    var watch = Stopwatch.StartNew();
    await Task.WhenAll(load.Select(connection => Task.Run(() => connection.CallAsync(rounds))));
    watch.Stop();
    serving += watch.Elapsed;
    memory.Add((GC.GetTotalMemory(forceFullCollection: true) / 1048576.0, Environment.WorkingSet / 1048576.0));
    var rate = rounds * connections * requests.Length / watch.Elapsed.TotalSeconds;
    Console.WriteLine($"{emulator.Requests.Total,10:N0}{rate,10:N0}{memory[^1].Heap,10:F1}{memory[^1].Process,13:F1}");
}

Array.ForEach(load, connection => connection.Dispose());
var served = emulator.Requests.Total;
var perSecond = served / serving.TotalSeconds;
var full = memory[ChaptersToFill - 1];
var (heapGrew, processGrew) = (memory[^1].Heap - full.Heap, memory[^1].Process - full.Process);
Console.WriteLine($"{served:N0} calls in {serving.TotalSeconds:F1} s: {perSecond:N0} calls/s (wanted: {WantedPerSecond:N0})");
Console.WriteLine($"taken: {emulator.Requests.TotalTaken:N0}, kept of them: {chat.Messages.Count:N0}");
Console.WriteLine($"since the {ChaptersToFill}th line the heap grew by {heapGrew:F1} MB (at most {HeapMayGrowBy}), the process by {processGrew:F1} MB (at most {ProcessMayGrowBy})");
return perSecond >= WantedPerSecond && heapGrew <= HeapMayGrowBy && processGrew <= ProcessMayGrowBy
    && emulator.Requests.TotalTaken * 2 == served ? 0 : 1;

static byte[] Request(string method, string query, string body) => Encoding.UTF8.GetBytes(
    $"{method} /v2/businesses/1/chats/message?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nApi-Key: key-of-the-load\r\n"
    + (body.Length > 0 ? $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n" : "")
    + $"\r\n{body}");
