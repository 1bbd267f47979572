using System.Runtime.CompilerServices;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.AbsCam.Pipeline;

/// <summary>Lets plain <see cref="MLImage"/> properties, of any size, stand in a row class; ML.NET refuses them until somebody says so.</summary>
internal static class PhotoProperties
{
    // ML.NET's table is global, and takes the same pair again without complaint.
#pragma warning disable CA2255 // Row classes are the program's own: before they are looked at, the library has no other moment than its loading.
    [ModuleInitializer]
    internal static void Allow() => DataViewTypeManager.Register(new ImageDataViewType(), typeof(MLImage));
#pragma warning restore CA2255
}
