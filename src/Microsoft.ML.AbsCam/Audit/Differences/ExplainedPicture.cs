namespace Microsoft.ML.AbsCam.Audit.Differences;

/// <summary>What is compared of a picture in one of two explained data sets.</summary>
/// <param name="Position">Its row.</param>
/// <param name="Name">By what it is known.</param>
/// <param name="Class">The class that the network gives: its name, or its number.</param>
/// <param name="Probability">That class's probability.</param>
/// <param name="Heat">The map in cells, its sum 1; empty where there is none, or one without heat.</param>
/// <param name="Truth">What it shows; empty where nobody says.</param>
/// <param name="OnObject">The share of the heat that lies on the object; NaN where it is not known.</param>
internal sealed record ExplainedPicture(long Position, string Name, string Class, float Probability, float[] Heat, string Truth, float OnObject)
{
    /// <summary>Whether it has a class and a probability.</summary>
    public bool HasAnswer => Class.Length > 0 && float.IsFinite(Probability);
}
