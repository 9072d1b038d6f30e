#if !NET
// What netstandard2.0 lacks to build the same code as for net10.0; the rest comes from the client.
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
