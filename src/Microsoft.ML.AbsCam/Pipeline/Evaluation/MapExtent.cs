namespace Microsoft.ML.AbsCam;

/// <summary>What a map lies over.</summary>
public enum MapExtent
{
    /// <summary>The network's input, after resizing and cropping. So do the maps of this library. The default.</summary>
    Input,

    /// <summary>The whole photo, at any size with its proportions. So do the maps of tools that resize them back.</summary>
    Photo,
}
