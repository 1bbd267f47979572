namespace Microsoft.ML.AbsCam.Pipeline;

/// <summary>An option that knows whether somebody said it, where a network's file may settle it otherwise. What is said and what is usual are the same where their values are.</summary>
/// <param name="Value">Its value.</param>
/// <param name="IsSaid">Whether somebody said it.</param>
internal readonly record struct OrUsual<T>(T Value, bool IsSaid = false)
{
    public bool Equals(OrUsual<T> other) => EqualityComparer<T>.Default.Equals(Value, other.Value);

    public override int GetHashCode() => EqualityComparer<T>.Default.GetHashCode(Value!);
}
