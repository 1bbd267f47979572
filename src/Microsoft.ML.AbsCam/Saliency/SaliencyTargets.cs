using System.Globalization;
using System.Text.Json.Serialization;

namespace Microsoft.ML.AbsCam;

internal sealed record PredictedTarget : SaliencyTarget
{
    public override string ToString() => "the predicted class";
}

internal sealed record TopTarget(int Count) : SaliencyTarget
{
    public override string ToString() => $"the {Count} highest classes";
}

internal sealed record ClassTarget(int Index) : SaliencyTarget
{
    public override string ToString() => $"class {Index}";
}

internal sealed record NamedClassTarget(string Name) : SaliencyTarget
{
    public override string ToString() => $"class '{Name}'";
}

internal sealed record ColumnTarget(string Name) : SaliencyTarget
{
    public override string ToString() => $"the class in column '{Name}'";
}

internal sealed record RunnerUpTarget : SaliencyTarget
{
    internal override void Validate() => throw new ArgumentException($"{nameof(RunnerUp)} is the other class of a contrast ({nameof(SaliencyTarget)}.{nameof(Contrast)}), and no target by itself.");

    public override string ToString() => "the runner-up";
}

internal sealed record ContrastTarget(SaliencyTarget Of, SaliencyTarget Against, double Gamma) : SaliencyTarget
{
    public double Gamma { get; } = double.IsFinite(Gamma) && Gamma > 0 ? Gamma : throw new ArgumentOutOfRangeException(nameof(Gamma), Gamma, "How much of the other class is taken off is a number above 0.");

    internal override SaliencyTarget ClassPart => Of;

    internal override SaliencyTarget? AgainstPart => Against;

    internal override void Validate()
    {
        OneClass(Of);
        OneClass(Against, mayFollow: true);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Of} against {(Gamma == 1 ? "" : $"{Gamma:G6} times ")}{Against}");
}

internal sealed record OutputTarget(int Index, bool Negative) : SaliencyTarget
{
    internal override SaliencyTarget ClassPart => new ClassTarget(Index);

    public override string ToString() => $"{(Negative ? "what lowers " : "")}output {Index}";
}

internal sealed record RegionTarget(SaliencyTarget Of, string? MaskColumn) : SaliencyTarget
{
    internal override SaliencyTarget ClassPart => Of;

    internal override void Validate() => OneClass(Of);

    public override string ToString() => $"{Of} in {(MaskColumn is null ? "its region" : $"the mask in column '{MaskColumn}'")}";
}

internal sealed record BoxTarget(SaliencyTarget Of, double[]? Sides, string? SidesColumn) : SaliencyTarget
{
    /// <summary>Whether the sides are pixels of the network's input, as a baked file has them, and not of the photo.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsOfInput { get; init; }

    internal override SaliencyTarget ClassPart => Of;

    public override string ToString() => Sides is { } sides
        ? string.Create(CultureInfo.InvariantCulture, $"the detection at {sides[0]:0.#}, {sides[1]:0.#}, {sides[2] - sides[0]:0.#} x {sides[3] - sides[1]:0.#}{(IsOfInput ? " of the network's input" : "")}")
        : SidesColumn is not null ? $"the detection at the box in column '{SidesColumn}'"
        : Of is PredictedTarget ? "the most confident detection" : $"the most confident detection of {Of}";

    internal override void Validate()
    {
        OneClass(Of);
        if (Sides is not (null or [_, _, _, _]))
        {
            throw new ArgumentException("A box has four sides.");
        }
    }
}

internal sealed record SimilarityTarget(float[]? Reference, string? ReferenceColumn) : SaliencyTarget
{
    internal override SaliencyTarget ClassPart => new ClassTarget(0);

    public override string ToString() => ReferenceColumn is null ? "the likeness to another picture" : $"the likeness to the embedding in column '{ReferenceColumn}'";
}

internal sealed record OwnTarget(string Name, Func<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor> Score) : SaliencyTarget
{
    internal override SaliencyTarget ClassPart => new ClassTarget(0);

    public override string ToString() => Name;
}

internal sealed record SeveralTarget(IReadOnlyList<SaliencyTarget> Targets) : SaliencyTarget
{
    internal override IReadOnlyList<SaliencyTarget> Parts => Targets;

    internal override void Validate()
    {
        if (Targets.Count == 0 || Targets.Any(target => target is null or SeveralTarget))
        {
            throw new ArgumentException($"{nameof(SaliencyTarget)}.{nameof(Several)} takes one target or more, none of which is several itself.");
        }

        foreach (SaliencyTarget target in Targets)
        {
            target.Validate();
        }
    }

    public override string ToString() => string.Join("; ", Targets);
}
