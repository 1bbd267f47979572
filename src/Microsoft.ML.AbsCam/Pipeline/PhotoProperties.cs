using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.AbsCam.Pipeline;

/// <summary>Lets plain <see cref="MLImage"/> properties, of any size, stand in a row class; ML.NET refuses them until somebody says so.</summary>
internal static class PhotoProperties
{
    // Once for the process: ML.NET's table is global, and takes the same pair again without complaint.
    static PhotoProperties() => DataViewTypeManager.Register(new ImageDataViewType(), typeof(MLImage));

    /// <summary>Called wherever a program that will need it comes by, before or after it loads its rows.</summary>
    public static void Allow()
    {
    }
}
