namespace YandexMarket.Chats.Hosting.Tests.Mutants;

/// <summary>A place of Chats.Hosting, by its words, and what stands there in a broken version.</summary>
internal sealed record Edit(string File, string Words, string Broken);

/// <summary>Who notices: a check over schedules, with words of what it says, or a test of this project, as <c>name(argument; argument)</c>.</summary>
internal sealed record Noticer(string Who, string Words)
{
    public bool IsTest => Who is not (nameof(ScheduleCheck.Promises) or nameof(ScheduleCheck.Businesses));

    public static Noticer Promises(string words) => new(nameof(ScheduleCheck.Promises), words);

    public static Noticer Businesses(string words) => new(nameof(ScheduleCheck.Businesses), words);

    public static Noticer Test<TFixture>(string test) => new(typeof(TFixture).FullName!, test);
}

/// <summary>A rule that is broken in the source of Chats.Hosting.</summary>
internal sealed record Mutant(string Rule, Noticer Noticer, params Edit[] Edits)
{
    public override string ToString() => Rule;
}
