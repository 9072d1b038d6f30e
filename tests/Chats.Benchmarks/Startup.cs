using System.Diagnostics;
using YandexMarket.Chats.Benchmarks.Measure;
using YandexMarket.Chats.Benchmarks.Report;

namespace YandexMarket.Chats.Benchmarks;

/// <summary>
/// How long a process takes that makes one call and ends: an application on .NET, the same compiled to native code, and the tool. Only wall
/// time can be had of it; the programs take turns.
/// </summary>
internal static class Startup
{
    private const int Rounds = 15;

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <InvariantGlobalization>true</InvariantGlobalization>
            <PublishAot>{0}</PublishAot>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Newtonsoft.Json" Version="13.0.4" />
            <ProjectReference Include="{1}" />
          </ItemGroup>
        </Project>
        """;

    private const string Code = """
        using YandexMarket.Chats;

        if (args is [var address])
        {
            using var client = new ChatsClient(new ChatsClientOptions { ApiKey = "key", BaseAddress = new Uri(address) });
            await client.GetChatMessageAsync(1, 2, 3);
        }
        """;

    public sealed record Lane(string Name, string Program, string[] Arguments)
    {
        public List<double> Milliseconds { get; } = [];

        public double Megabytes { get; } = Directory.EnumerateFiles(Path.GetDirectoryName(Program)!)
            .Where(file => Path.GetExtension(file) is not (".pdb" or ".dbg" or ".xml")).Sum(file => new FileInfo(file).Length) / 1e6;
    }

    public static async Task<int> PrintAsync()
    {
        var page = new Page();
        page.Startup(await RunAsync().ConfigureAwait(false));
        Console.Write(page);
        return 0;
    }

    public static async Task<IReadOnlyList<Lane>> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("chats-startup-").FullName;
        using var server = Self.Start("server", "http");
        try
        {
            var address = $"{await server.StandardOutput.ReadLineAsync().ConfigureAwait(false)}/{Scenario.ReadSmall.Path}/v2/";
            var onDotNet = await PublishAsync(folder, "App", isNative: false).ConfigureAwait(false);
            var native = await PublishAsync(folder, "Native", isNative: true).ConfigureAwait(false);
            var tool = Path.Combine(folder, "tool");
            await DotNetAsync("publish", Path.Combine(Repository.Root(), "src", "Chats.Cli"), "-c", "Release", "-p:PackAsTool=false", "-p:UseAppHost=true", "-o", tool).ConfigureAwait(false);
            Lane[] lanes =
            [
                new("an application on .NET that makes a read", onDotNet, [address]),
                new("the same, compiled to native code", native, [address]),
                new("the same on .NET, without the read", onDotNet, []),
                new("the tool: `chats get`", Path.Combine(tool, "YandexMarket.Chats.Cli"), ["get", "--business", "1", "--chat", "2", "--message", "3", "--base-address", address]),
            ];

            // The first round brings the files into the cache of the system, and is not counted.
            for (var round = -1; round < Rounds; round++)
            {
                foreach (var lane in lanes)
                {
                    var time = await RunAsync(lane.Program, lane.Arguments).ConfigureAwait(false);
                    if (round >= 0)
                    {
                        lane.Milliseconds.Add(time);
                    }
                }
            }

            return lanes;
        }
        finally
        {
            server.StandardInput.Close();
            await server.WaitForExitAsync().ConfigureAwait(false);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> PublishAsync(string folder, string name, bool isNative)
    {
        var project = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        var client = Path.Combine(Repository.Root(), "src", "Chats", "Chats.csproj");
        await File.WriteAllTextAsync(
            Path.Combine(project, $"{name}.csproj"),
            Project.Replace("{0}", isNative ? "true" : "false", StringComparison.Ordinal).Replace("{1}", client, StringComparison.Ordinal)).ConfigureAwait(false);
        await File.WriteAllTextAsync(Path.Combine(project, "Program.cs"), Code).ConfigureAwait(false);
        var output = Path.Combine(folder, $"{name}-published");
        await DotNetAsync("publish", project, "-c", "Release", "--use-current-runtime", "--self-contained", isNative ? "true" : "false", "-o", output).ConfigureAwait(false);
        return Path.Combine(output, name);
    }

    private static Task<double> DotNetAsync(params string[] arguments) => RunAsync("dotnet", arguments);

    private static async Task<double> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, Environment = { ["CHATS_API_KEY"] = "key" } };
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        return process.ExitCode == 0
            ? clock.Elapsed.TotalMilliseconds
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed:\n{output}");
    }
}
