namespace Microsoft.ML.AbsCam;

/// <summary>How the maps of several layers become one; each is normalised to [0,1] before, and the result after.</summary>
public enum LayerFusion
{
    /// <summary>The product: bright where all layers agree, as sharp as the finest. The default.</summary>
    Product,

    /// <summary>The mean: bright where any layer is.</summary>
    Mean,
}
