namespace YandexMarket.Chats.Hosting;

/// <summary>Counts the responses 401 since a client's last success.</summary>
internal sealed class KeyHealth
{
    private int _refusals;

    public int Refusals => Volatile.Read(ref _refusals);

    public void Seen(int status)
    {
        if (status == 401)
        {
            Interlocked.Increment(ref _refusals);
        }
        else if (status is >= 200 and < 300 && Refusals > 0)
        {
            Volatile.Write(ref _refusals, 0);
        }
    }
}
