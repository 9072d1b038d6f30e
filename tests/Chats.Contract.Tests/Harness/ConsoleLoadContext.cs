using System.Reflection;
using System.Runtime.Loader;

namespace YandexMarket.Chats.Contract.Tests.Harness;

/// <summary>Loads a console with the libraries beside it, apart from those of the tests.</summary>
internal sealed class ConsoleLoadContext(string folder) : AssemblyLoadContext("generator")
{
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var path = Path.GetFullPath(Path.Combine(folder, assemblyName.Name + ".dll"));
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
