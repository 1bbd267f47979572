namespace Microsoft.ML.AbsCam;

/// <summary>What a measure says of one row: a number, or why there is none.</summary>
public readonly record struct MeasureValue
{
    private MeasureValue(double value, string? reason)
    {
        (Value, Reason) = (value, reason);
    }

    /// <summary>The number; NaN where there is none.</summary>
    public double Value { get; }

    /// <summary>Why there is no number; null where there is one.</summary>
    public string? Reason { get; }

    /// <summary>Whether there is a number.</summary>
    public bool IsMeasured => Reason is null;

    /// <summary>No number, because of this.</summary>
    /// <param name="reason">Why, in words that follow on "not measured: ".</param>
    public static MeasureValue Not(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        return new(double.NaN, reason);
    }

    /// <summary>A number; one that is not finite counts as none.</summary>
    public static implicit operator MeasureValue(double value)
        => double.IsFinite(value) ? new(value, null) : Not("the result is not a finite number");
}
