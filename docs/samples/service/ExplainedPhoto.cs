namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>What a client gets of a photo. Where the status is not Ok there is no map; JSON has no NaN, so there is no probability either then.</summary>
/// <param name="Class">The class that is explained.</param>
/// <param name="Probability">Its probability.</param>
/// <param name="Status">Whether the map is good.</param>
/// <param name="Milliseconds">How long explaining took.</param>
/// <param name="Map">The map, where it was asked for.</param>
/// <param name="Classes">The classes that the network scores highest, in falling order, where they were asked for.</param>
internal sealed record ExplainedPhoto(string Class, float? Probability, string Status, double Milliseconds, MapBody? Map, IReadOnlyList<ClassBody>? Classes = null);

/// <summary>A map as a client gets it, row by row.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Region">What of the photo it covers.</param>
/// <param name="Values">Values in 0 to 1.</param>
internal sealed record MapBody(int Height, int Width, RegionBody Region, float[] Values);

/// <summary>A rectangle of a photo, in shares of its width and height: 0 is the left or upper edge, 1 the other.</summary>
internal sealed record RegionBody(double Left, double Top, double Right, double Bottom);

/// <summary>A class by number and name, and its probability.</summary>
internal sealed record ClassBody(int Index, string Name, float? Probability);
