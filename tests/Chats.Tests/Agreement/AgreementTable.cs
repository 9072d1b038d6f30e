using System.Globalization;
using System.Text;

namespace YandexMarket.Chats.Tests.Agreement;

/// <summary>The figures of a run: for each fate of a call, what the client said and what was true.</summary>
internal static class AgreementTable
{
    public static string Print(IReadOnlyList<ComparedCall> calls)
    {
        var text = new StringBuilder();
        Line(text, "", "sends", "returned", "", "not sent", "", "may be", "", "reads", "returned", "failed");
        Line(text, "", "", "taken", "not", "taken", "not", "taken", "not", "", "", "");
        foreach (var fate in calls.GroupBy(call => call.Fate).OrderBy(fate => fate.Key, StringComparer.Ordinal))
        {
            Line(text, fate.Key, [.. fate]);
        }

        Line(text, "all", [.. calls]);
        return text.ToString();
    }

    private static void Line(StringBuilder text, string title, ComparedCall[] calls)
    {
        var sends = Array.FindAll(calls, call => !call.Plan.IsRead);
        var reads = Array.FindAll(calls, call => call.Plan.IsRead);
        int Count(Word word, bool taken) => sends.Count(call => call.Word == word && call.InChats > 0 == taken);
        int[] figures =
        [
            sends.Length,
            Count(Word.Returned, true),
            Count(Word.Returned, false),
            Count(Word.NotSent, true),
            Count(Word.NotSent, false),
            Count(Word.MayHaveBeenSent, true),
            Count(Word.MayHaveBeenSent, false),
            reads.Length,
            reads.Count(call => call.Word == Word.Returned),
            reads.Count(call => call.Word != Word.Returned),
        ];
        Line(text, title, [.. figures.Select(figure => figure.ToString(CultureInfo.InvariantCulture))]);
    }

    private static void Line(StringBuilder text, string title, params string[] cells) =>
        text.Append($"{title,-36}").AppendJoin(' ', cells.Select(cell => $"{cell,8}")).Append('\n');
}
