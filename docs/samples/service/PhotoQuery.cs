using System.Globalization;

namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>What stands behind the question mark of an address.</summary>
/// <param name="Question">Method, layer and size of the map.</param>
/// <param name="Class">The class that is asked for; -1 for the one that the network scores highest.</param>
/// <param name="Map">Whether the map is wanted.</param>
/// <param name="Top">How many of the classes that the network scores highest are listed.</param>
internal sealed record PhotoQuery(Question Question, int Class, bool Map, int Top)
{
    private const int MostListed = 100;
    private static readonly string[] Known = ["map", "size", "top", "class", "method", "layer"];
    private static readonly string[] Sizes = ["input", "layer"];

    /// <exception cref="BadHttpRequestException">A name or a value cannot be; the message says what can.</exception>
    public static PhotoQuery Read(IQueryCollection query, Offer offer)
    {
        foreach (string name in query.Keys.Where(name => !Known.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            throw Refused($"There is no '{name}' to ask for; expected {string.Join(", ", Known)}.");
        }

        foreach (string name in Known.Where(name => query[name].Count > 1))
        {
            throw Refused($"'{name}' is there {query[name].Count} times; expected once.");
        }

        SaliencyMethod method = ReadMethod(query["method"], offer);
        int asked = query["class"] is [string text] ? ReadClass(text, offer.Labels) : -1;
        bool isSmall = One(query, "size", Sizes[0], text => Array.IndexOf(Sizes, text), at => at >= 0, string.Join(" or ", Sizes)) == 1;
        var question = new Question(method.Name, ReadLayer(query["layer"], method, offer), asked >= 0, isSmall && method.UsesLayer);
        int most = Math.Min(MostListed, offer.Labels.Count);
        return new PhotoQuery(
            question,
            asked,
            One(query, "map", "true", text => bool.TryParse(text, out bool map) ? map : (bool?)null, map => map is not null, "true or false")!.Value,
            One(query, "top", "0", Number, top => top >= 0 && top <= most, $"a number of classes, 0 to {most}"));
    }

    private static T One<T>(IQueryCollection query, string name, string standard, Func<string, T> read, Func<T, bool> isRight, string expected)
    {
        string text = query[name] is [string given] ? given : standard;
        T value = read(text);
        return isRight(value) ? value : throw Refused($"'{name}' is '{text}'; expected {expected}.");
    }

    private static SaliencyMethod ReadMethod(string? name, Offer offer)
        => offer.Methods.FirstOrDefault(method => method.Name == (name ?? offer.Usual.Method))
            ?? throw Refused($"'method' is '{name}'; expected one of {string.Join(", ", offer.Methods)}.");

    private static string? ReadLayer(string? name, SaliencyMethod method, Offer offer) => (name, method.UsesLayer) switch
    {
        (null, false) => null,
        (null, true) => offer.Usual.Layer,
        (_, false) => throw Refused($"'layer' is '{name}', and the method '{method}' works on the photo and has no layer; leave it out."),
        _ => offer.Layers.Any(layer => layer.Name == name)
            ? name
            : throw Refused($"'layer' is '{name}'; expected the name of a layer that /network lists, such as '{offer.Usual.Layer}'."),
    };

    private static int ReadClass(string text, IReadOnlyList<string> labels)
    {
        int index = labels.ToList().IndexOf(text);
        index = index < 0 ? Number(text) : index;
        return index >= 0 && index < labels.Count ? index : throw Refused($"'class' is '{text}'; expected a class's name, or its number from 0 to {labels.Count - 1}.");
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1;

    private static BadHttpRequestException Refused(string message) => new(message, StatusCodes.Status400BadRequest);
}
