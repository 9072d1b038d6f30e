using System.Globalization;
using YandexMarket.Chats.Benchmarks.Transport;

namespace YandexMarket.Chats.Benchmarks;

/// <summary>How long a process takes that makes one call and ends: an application on .NET, the same compiled to native code, and the tool.</summary>
internal static class Startup
{
    private const int Rounds = 15;

    private const string Introduction = """
        ## One call per process

        From the start of a process to its end, with one small read over loopback, as in a script or a cloud function; and the size of the published
        program, without .NET itself unless it is native. The tool is not compiled to native code, because its JSON output needs reflection. The median
        of 15 processes; needs clang or gcc, and zlib.

        |  | ms | MB |
        | --- | ---: | ---: |

        """;

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

    public static async Task<int> PrintAsync()
    {
        Console.Write(await RunAsync().ConfigureAwait(false));
        return 0;
    }

    /// <summary>The section of the page.</summary>
    public static async Task<string> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("chats-startup-").FullName;
        var server = await Server.StartAsync(Scenario.ReadSmall, tls: false).ConfigureAwait(false);
        try
        {
            var address = server.Address.AbsoluteUri;
            var onDotNet = await PublishAsync(folder, "App", isNative: false).ConfigureAwait(false);
            var native = await PublishAsync(folder, "Native", isNative: true).ConfigureAwait(false);
            var tool = Path.Combine(folder, "tool");
            var source = Repository.PathOf("src/Chats.Cli");
            await RunAsync("dotnet", "publish", source, "-c", "Release", "-p:PackAsTool=false", "-p:UseAppHost=true", "-o", tool).ConfigureAwait(false);
            (string Name, string Program, string[] Arguments)[] programs =
            [
                ("a framework-dependent application that makes one read", onDotNet, [address]),
                ("the same, compiled to native code", native, [address]),
                ("the same framework-dependent application, without the read", onDotNet, []),
                ("the tool: `chats get`", Path.Combine(tool, "YandexMarket.Chats.Cli"), ["get", "--business", "1", "--chat", "2", "--message", "3", "--base-address", address]),
            ];
            var times = programs.Select(_ => new List<double>()).ToList();
            for (var round = 0; round < Rounds; round++)
            {
                // They take turns.
                for (var i = 0; i < programs.Length; i++)
                {
                    times[i].Add(await RunAsync(programs[i].Program, programs[i].Arguments).ConfigureAwait(false));
                }
            }

            return Introduction + string.Concat(programs.Zip(times, (program, time) => string.Create(
                CultureInfo.InvariantCulture, $"| {program.Name} | {time.Order().ElementAt(Rounds / 2):F0} | {Megabytes(program.Program):F1} |\n")));
        }
        finally
        {
            await server.DisposeAsync().ConfigureAwait(false);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Megabytes(string program) => Directory.EnumerateFiles(Path.GetDirectoryName(program)!)
        .Where(file => Path.GetExtension(file) is not (".pdb" or ".dbg" or ".xml")).Sum(file => new FileInfo(file).Length) / 1e6;

    private static async Task<string> PublishAsync(string folder, string name, bool isNative)
    {
        var project = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        var client = Repository.PathOf("src/Chats/Chats.csproj");
        await File.WriteAllTextAsync(
            Path.Combine(project, $"{name}.csproj"),
            Project.Replace("{0}", isNative ? "true" : "false", StringComparison.Ordinal).Replace("{1}", client, StringComparison.Ordinal)).ConfigureAwait(false);
        await File.WriteAllTextAsync(Path.Combine(project, "Program.cs"), Code).ConfigureAwait(false);
        var output = Path.Combine(folder, $"{name}-published");
        await RunAsync("dotnet", "publish", project, "-c", "Release", "--use-current-runtime", "--self-contained", isNative ? "true" : "false", "-o", output).ConfigureAwait(false);
        return Path.Combine(output, name);
    }

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
