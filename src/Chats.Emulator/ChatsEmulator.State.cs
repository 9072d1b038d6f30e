namespace YandexMarket.Chats.Emulator;

public sealed partial class ChatsEmulator
{
    /// <summary>The businesses as they are at this moment, by rising number.</summary>
    public IReadOnlyList<EmulatedBusiness> Businesses => [.. _state.Businesses.Values.OrderBy(business => business.Id)];

    /// <summary>Adds a business (a seller's cabinet) without chats.</summary>
    /// <param name="businessId">Its number, 1 or more.</param>
    /// <returns>The business.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    /// <exception cref="ArgumentException">The emulator has a business of this number.</exception>
    public EmulatedBusiness AddBusiness(long businessId)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(businessId, 1);
        var business = new EmulatedBusiness(_state, businessId);
        if (!_state.Businesses.TryAdd(businessId, business))
        {
            throw new ArgumentException($"There is a business {businessId}: take it with {nameof(FindBusiness)}.", nameof(businessId));
        }

        _state.RaiseChanged();
        return business;
    }

    /// <summary>Finds a business by its number.</summary>
    /// <param name="businessId">The number.</param>
    /// <returns>The business, or null if there is none of this number.</returns>
    public EmulatedBusiness? FindBusiness(long businessId) => _state.Businesses.GetValueOrDefault(businessId);

    /// <summary>
    /// Adds a key that opens every business, or gives a key other scopes. A key of one business: <see cref="EmulatedBusiness.AddKey"/>.
    /// </summary>
    /// <param name="key">The key: visible ASCII without spaces.</param>
    /// <param name="scopes">
    /// What it may do: <c>communication</c> and <c>all-methods</c> read and send, <c>all-methods:read-only</c> reads. Any other scope is
    /// accepted and allows neither; with none at all the key is known and may do nothing.
    /// </param>
    /// <exception cref="ArgumentException">The key or a scope is empty, or the key has characters that no key has.</exception>
    public void AddKey(string key, params string[] scopes) => _state.Keys.Add(key, scopes, business: null);

    /// <summary>Forgets a key: from now on it is 401 <c>Api-Key token is invalid</c>, like any key that never was.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether there was such a key.</returns>
    public bool RemoveKey(string key) => _state.Keys.Remove(key);

    /// <summary>Revokes a key, as its owner does in the cabinet: from now on it is 401 <c>Api-Key token is revoked</c>.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether there was such a key.</returns>
    public bool RevokeKey(string key) => _state.Keys.Revoke(key);
}
