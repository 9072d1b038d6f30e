using System.Net;

namespace YandexMarket.Chats.Cli;

/// <summary>All that a command knows of the world outside, so that a test can be that world.</summary>
internal sealed class Shell
{
    public required TextReader In { get; init; }

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Looks up an environment variable.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>Whether a person types the input: then nothing is read unasked.</summary>
    public bool InputIsTerminal { get; init; }

    /// <summary>Whether a person reads the output: only then it may have colours.</summary>
    public bool OutputIsTerminal { get; init; }

    /// <summary>The clock of this machine.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The proxy of the environment or of the system, as the client uses it too.</summary>
    public IWebProxy Proxy { get => field ?? HttpClient.DefaultProxy; init; }

    /// <summary>Waits for input no longer than the token allows: a read from a console cannot be called off itself.</summary>
    public static Task<T> ReadAsync<T>(Func<T> read, CancellationToken cancellationToken) =>
        Task.Run(read, CancellationToken.None).WaitAsync(cancellationToken);
}
