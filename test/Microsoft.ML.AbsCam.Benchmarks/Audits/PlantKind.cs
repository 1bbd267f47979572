namespace Microsoft.ML.AbsCam.Benchmarks.Audits;

/// <summary>What is planted.</summary>
internal enum PlantKind
{
    /// <summary>A small pattern in one corner.</summary>
    Mark,

    /// <summary>A cast of colour over all of the picture.</summary>
    Tint,

    /// <summary>A frame.</summary>
    Border,

    /// <summary>A pattern wherever the object is not.</summary>
    Texture,

    /// <summary>A box of digits in one corner, other digits in every picture.</summary>
    Stamp,

    /// <summary>A small pattern somewhere.</summary>
    Sticker,

    /// <summary>A line of two colours along one side.</summary>
    Band,

    /// <summary>Fine noise all over, other noise in every picture.</summary>
    Grain,

    /// <summary>A small ring somewhere, in three sizes, through which the picture is seen.</summary>
    Ring,

    /// <summary>The picture grows dark from its middle to its corners.</summary>
    Vignette,

    /// <summary>The whole picture is out of focus.</summary>
    Blur,

    /// <summary>A thin line of one colour across the picture, somewhere, in any direction.</summary>
    Wire,
}
