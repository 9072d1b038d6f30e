#if !NET
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

// APIs that netstandard2.0 lacks, so that the same code compiles.
namespace System.Diagnostics.CodeAnalysis
{
    [AttributeUsage(AttributeTargets.Parameter)]
    internal sealed class NotNullAttribute : Attribute;
}

namespace System.Runtime.CompilerServices
{
    internal static class IsExternalInit;

    [AttributeUsage(AttributeTargets.Parameter)]
    internal sealed class CallerArgumentExpressionAttribute(string parameterName) : Attribute
    {
        public string ParameterName { get; } = parameterName;
    }
}

namespace YandexMarket.Chats
{
    internal static class Polyfills
    {
        extension(string)
        {
            public static string Create(IFormatProvider provider, FormattableString text) => text.ToString(provider);
        }

        extension(ArgumentNullException)
        {
            public static void ThrowIfNull([NotNull] object? argument, [CallerArgumentExpression(nameof(argument))] string? name = null)
            {
                if (argument is null)
                {
                    throw new ArgumentNullException(name);
                }
            }
        }

        extension(ObjectDisposedException)
        {
            public static void ThrowIf(bool condition, object instance)
            {
                if (condition)
                {
                    throw new ObjectDisposedException(instance.GetType().FullName);
                }
            }
        }

        extension(Random)
        {
            public static Random Shared => new(Guid.NewGuid().GetHashCode());
        }

        extension(string text)
        {
            public bool EndsWith(char last) => text.Length > 0 && text[text.Length - 1] == last;
        }
    }
}
#endif
