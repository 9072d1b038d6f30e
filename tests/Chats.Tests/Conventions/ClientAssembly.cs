using System.Reflection;
using System.Xml.Linq;

namespace YandexMarket.Chats.Tests.Conventions;

/// <summary>The client as its consumers see it: its public types, and the XML documentation beside the assembly.</summary>
internal static class ClientAssembly
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Lazy<ILookup<string, XElement>> _docs = new(() =>
        XDocument.Load(Path.ChangeExtension(Assembly.Location, ".xml")).Descendants("member").ToLookup(member => member.Attribute("name")!.Value));

    public static Assembly Assembly => typeof(ChatsClient).Assembly;

    public static IReadOnlyList<Type> PublicTypes => Assembly.GetExportedTypes();

    /// <summary>What a type declares and others can call, without the accessors of properties.</summary>
    public static IEnumerable<MemberInfo> MembersOf(Type type) => type.GetMembers(Declared).Where(member => member switch
    {
        // Nobody calls a constructor that no caller wrote, or what the compiler and the runtime have made.
        ConstructorInfo constructor => IsVisible(constructor) && !(constructor.GetParameters().Length == 0 && !DocsOf(constructor).Any()),
        MethodBase method => IsVisible(method) && !method.IsSpecialName,
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible),
        FieldInfo field => (field.IsPublic || field.IsFamily) && !field.IsSpecialName,
        EventInfo => true,
        _ => false,
    });

    public static IEnumerable<XElement> DocsOf(MemberInfo member) => _docs.Value[IdOf(member)];

    public static string TextOf(MemberInfo member) => string.Join(' ', DocsOf(member).Select(doc => doc.Value));

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string IdOf(MemberInfo member) => member switch
    {
        Type type => $"T:{type.FullName}",
        MethodBase method => $"M:{member.DeclaringType!.FullName}.{method.Name.Replace('.', '#')}{ParametersOf(method)}",
        PropertyInfo => $"P:{member.DeclaringType!.FullName}.{member.Name}",
        EventInfo => $"E:{member.DeclaringType!.FullName}.{member.Name}",
        _ => $"F:{member.DeclaringType!.FullName}.{member.Name}",
    };

    private static string NameOf(Type type) => type.IsGenericType
        ? $"{type.FullName!.Split('`')[0]}{{{string.Join(',', type.GetGenericArguments().Select(NameOf))}}}"
        : type.ToString().Replace('&', '@');

    // As the compiler writes them; the public API has no nested types.
    private static string ParametersOf(MethodBase method)
    {
        var types = method.GetParameters().Select(parameter => NameOf(parameter.ParameterType)).ToArray();
        return types.Length == 0 ? "" : $"({string.Join(',', types)})";
    }
}
