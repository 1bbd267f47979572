namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>What kind of thing an operator does, as far as others ask.</summary>
[Flags]
internal enum OperatorTraits
{
    None = 0,

    /// <summary>Hands on the numbers of its first input: laid out anew, in another type, rounded or with a border.</summary>
    SameNumbers = 1,

    /// <summary>With <see cref="SameNumbers"/>: puts a border around them.</summary>
    Borders = 2,

    /// <summary>With <see cref="SameNumbers"/>: rounds them to a grid, or reads them from one.</summary>
    Rounds = 4,

    /// <summary>A non-linear function of each number that layers end in.</summary>
    Activation = 8,

    /// <summary>Its numbers lie within bounds, so that they may weigh others.</summary>
    Gate = 16,

    /// <summary>Makes one number of a window of a map.</summary>
    Pools = 32,

    /// <summary>Treats each channel by itself and all channels alike, given that its other inputs are single numbers or axes.</summary>
    ChannelsApart = 64,

    /// <summary>Reads no number of its input, only its shape.</summary>
    ReadsShapeOnly = 128,

    /// <summary>A function of one number each, without weights.</summary>
    Pointwise = 256,
}
