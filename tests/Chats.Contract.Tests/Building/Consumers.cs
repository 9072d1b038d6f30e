using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests.Building;

/// <summary>Two projects, each of which uses another build of the client, and a solution of all three.</summary>
internal static class Consumers
{
    public const string Solution = "Consumers.slnx";

    public static void AddTo(RepositoryCopy clone)
    {
        Write(clone, "Modern", "net10.0");
        Write(clone, "Standard", "netstandard2.0");
        File.WriteAllText(clone.PathOf(Solution), """
            <Solution>
              <Project Path="src/Chats/Chats.csproj" />
              <Project Path="Modern/Modern.csproj" />
              <Project Path="Standard/Standard.csproj" />
            </Solution>
            """);
    }

    private static void Write(RepositoryCopy clone, string name, string framework)
    {
        Directory.CreateDirectory(clone.PathOf(name));
        File.WriteAllText(clone.PathOf($"{name}/{name}.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="../src/Chats/Chats.csproj" SetTargetFramework="TargetFramework={framework}" />
              </ItemGroup>
            </Project>
            """);
    }
}
