using System.Runtime.CompilerServices;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.AbsCam.Pipeline.Friend;

/// <summary>The environment behind a catalog, so that messages reach the user's <see cref="MLContext.Log"/>.</summary>
internal static class CatalogEnvironment
{
    public static IHostEnvironment Of(TransformsCatalog catalog) => Get(catalog);

    /// <summary>The CUDA device that the user chose for the whole context.</summary>
    public static int? GpuDeviceId(IHostEnvironment environment) => (environment as IHostEnvironmentInternal)?.GpuDeviceId;

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Microsoft.ML.Data.IInternalCatalog.get_Environment")]
    private static extern IHostEnvironment Get(TransformsCatalog catalog);
}
