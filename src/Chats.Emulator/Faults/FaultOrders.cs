namespace YandexMarket.Chats.Emulator;

/// <summary>What <see cref="ChatsFaults"/> was asked for and has not done yet, at one moment. The probability is 0 if chance is off.</summary>
internal readonly record struct FaultOrders(
    (ChatsFault Fault, EmulatedOperation? Operation)[] Next, double Probability, IReadOnlyList<ChatsFault> ByChance);
