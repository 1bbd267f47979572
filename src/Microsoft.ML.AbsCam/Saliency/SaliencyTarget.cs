using System.Text.Json.Serialization;

namespace Microsoft.ML.AbsCam;

/// <summary>Which class, or classes, of an image are explained.</summary>
[JsonDerivedType(typeof(PredictedTarget), "predicted")]
[JsonDerivedType(typeof(TopTarget), "top")]
[JsonDerivedType(typeof(ClassTarget), "class")]
[JsonDerivedType(typeof(NamedClassTarget), "name")]
[JsonDerivedType(typeof(ColumnTarget), "column")]
public abstract record SaliencyTarget
{
    private protected SaliencyTarget()
    {
    }

    /// <summary>What is explained, in words.</summary>
    public abstract override string ToString();

    /// <summary>The class that the network scores highest. The default.</summary>
    public static SaliencyTarget Predicted { get; } = new PredictedTarget();

    /// <summary>The classes that the network scores highest, in falling order; all columns then have one more leading dimension of this size.</summary>
    /// <param name="count">How many classes, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public static SaliencyTarget Top(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new TopTarget(count);
    }

    /// <summary>The same class for every row, by its index in the network's scores, from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public static SaliencyTarget Class(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new ClassTarget(index);
    }

    /// <summary>The same class for every row, by its name among <see cref="AbsCamOptions.Labels"/>.</summary>
    public static SaliencyTarget Class(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new NamedClassTarget(name);
    }

    /// <summary>A class a row, from a column: an integer is an index from 0, a text is a name among the labels or an index, a vector of scores (as <c>ApplyOnnxModel</c> gives) is its
    /// highest entry. What a key's values, or a vector's slots, are called is looked up like a text, since their order need not be the network's; names
    /// that are no numbers are refused without labels. A key without names is a position.</summary>
    public static SaliencyTarget Column(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new ColumnTarget(name);
    }
}
