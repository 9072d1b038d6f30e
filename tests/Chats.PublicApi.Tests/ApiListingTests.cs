using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace YandexMarket.Chats.PublicApi.Tests;

/// <summary>The listing shows what a consumer can see, and nothing else.</summary>
public sealed class ApiListingTests
{
    [Test]
    public void A_listing_has_everything_that_others_can_see() => Assert.That(
        Listing("""
            using System;
            using System.Collections.Generic;
            using System.Diagnostics.CodeAnalysis;
            using System.Threading;
            using System.Threading.Tasks;
            namespace Two { public delegate string? Reader<in T>(T from) where T : class; }
            namespace One.Inner
            {
                [Flags] public enum Kind : byte { Zeta = 0, Alpha = 2 }
                public interface IShop { Task<string?> GetAsync(long id, CancellationToken cancellationToken = default); }
                public abstract class Base : IDisposable
                {
                    public const string Name = "a\"b";
                    protected readonly int _count;
                    protected Base(int count = 3, string? text = null, Kind kind = Kind.Alpha) => _count = count;
                    private protected Base(bool no) { }
                    internal Base(string no) { }
                    public string? Text { get; protected set; }
                    public required string Key { get; init; }
                    public IReadOnlyList<string?>? List { get; private set; }
                    public int this[string key] => 0;
                    public event EventHandler<string>? Happened;
                    [Obsolete("Use another.")] public virtual void Old(params int[] numbers) => Happened?.Invoke(this, "");
                    public static bool TryGet(string @in, [NotNullWhen(true)] out string? value) { value = null; return false; }
                    public abstract void Dispose();
                    protected internal T? Of<T>(ref T item) where T : notnull => default;
                    internal void Hidden() { }
                    private protected void AlsoHidden() { }
                    void Private() { }
                    protected sealed class Nested { }
                    private class Unseen { }
                }
                public static class Extensions { public static int Length(this Base from, ulong max = 7) => 0; }
                public sealed record Pair(string First, int? Second) { public static Pair None { get; } = new("", null); }
                public readonly struct Point
                {
                    public Point(int x) => X = x;
                    public int X { get; }
                    public static bool operator !(Point p) => false;
                }
                internal sealed class Internal { public void Hidden() { } }
            }
            """),
        Is.EqualTo("""
            namespace One.Inner

            public abstract class Base : IDisposable
                public const string Name = "a\"b"
                protected readonly int _count
                protected Base(int count = 3, string? text = null, Kind kind = Alpha)
                public required string Key { get; init; }
                public IReadOnlyList<string?>? List { get; }
                public string? Text { get; protected set; }
                public int this[string key] { get; }
                public event EventHandler<string>? Happened
                public abstract void Dispose()
                protected internal T? Of<T>(ref T item) where T : notnull
                [Obsolete("Use another.")]
                public virtual void Old(params int[] numbers)
                [value: NotNullWhen(true)]
                public static bool TryGet(string @in, out string? value)

            protected sealed class Base.Nested
                public Nested()

            public static class Extensions
                public static int Length(this Base from, ulong max = 7)

            public interface IShop
                Task<string?> GetAsync(long id, CancellationToken cancellationToken = default)

            [Flags]
            public enum Kind : byte
                Zeta = 0
                Alpha = 2

            public sealed record Pair : IEquatable<Pair>
                public Pair(string First, int? Second)
                public string First { get; init; }
                public static Pair None { get; }
                public int? Second { get; init; }
                public void Deconstruct(out string First, out int? Second)

            public readonly struct Point
                public Point(int x)
                public int X { get; }
                public static bool operator !(Point p)

            namespace Two

            public delegate string? Reader<in T>(T from) where T : class

            """));

    private static string Listing(string source)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)).ToList();
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable);
        using var image = new MemoryStream();
        var compiled = CSharpCompilation.Create("Sample", [CSharpSyntaxTree.ParseText(source)], references, options).Emit(image);
        Assert.That(compiled.Diagnostics.Where(it => it.Severity == DiagnosticSeverity.Error), Is.Empty);

        // From the metadata, as of a library.
        var sample = MetadataReference.CreateFromImage(image.ToArray());
        var reader = CSharpCompilation.Create("Reader", references: [.. references, sample]);
        return new ApiListing((IAssemblySymbol)reader.GetAssemblyOrModuleSymbol(sample)!).ToString();
    }
}
