namespace Microsoft.ML.AbsCam.Audit.Evidence;

/// <summary>What an audit keeps of a row: a few numbers, the map at the layer's size, and what lies under it.</summary>
/// <param name="Position">The row's position in the data.</param>
/// <param name="Class">The class that the map explains.</param>
/// <param name="Predicted">The class that the network gives.</param>
/// <param name="Probability">The probability of <paramref name="Class"/>.</param>
/// <param name="Truth">The class that the picture shows; -1 where nobody says.</param>
/// <param name="Heat">The map at the layer's size, its highest value 1.</param>
internal sealed record EvidenceRow(long Position, int Class, int Predicted, float Probability, int Truth, float[] Heat)
{
    /// <summary>The layer's activations averaged with the map as weights; null where there is no such column.</summary>
    public float[]? Features { get; init; }

    /// <summary>The mean of each plane of the network's input over the picture's rim, and then each plane's deviation: of the middle one of its eight sectors.</summary>
    public float[] RimColours { get; init; } = [];

    /// <summary>The share of the heat that lies on the object; NaN where it is not known where the object is.</summary>
    public double OnObject { get; init; } = double.NaN;

    /// <summary>What the row is called; null where nobody says.</summary>
    public string? Name { get; init; }

    /// <summary>What findings call it: its name, or its number.</summary>
    public string Caption => Name ?? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"row {Position}");
}
