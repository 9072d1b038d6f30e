using Newtonsoft.Json;

namespace YandexMarket.Chats.Wire;

/// <summary>A model of the contract that can write itself.</summary>
internal interface IJsonModel
{
    void Write(JsonTextWriter writer);
}
