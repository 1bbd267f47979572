namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>What --target asks about.</summary>
internal enum TargetKind
{
    /// <summary>A class; of a network that scores pixels or boxes, where it finds it.</summary>
    Class,

    /// <summary>A class against another.</summary>
    Contrast,

    /// <summary>A number of the output.</summary>
    Output,

    /// <summary>A class in a region.</summary>
    Region,

    /// <summary>A detection.</summary>
    Box,

    /// <summary>The likeness to another picture.</summary>
    Similar,

    /// <summary>Several questions of different kinds.</summary>
    Several,
}
