#if !NET
// APIs that netstandard2.0 lacks, so that the same code compiles.
namespace System.Runtime.CompilerServices
{
    internal static class IsExternalInit;
}

namespace YandexMarket.Chats.Hosting
{
    internal static class Polyfills
    {
        extension(string text)
        {
            public bool Contains(string part, StringComparison comparison) => text.IndexOf(part, comparison) >= 0;
        }
    }
}
#endif
