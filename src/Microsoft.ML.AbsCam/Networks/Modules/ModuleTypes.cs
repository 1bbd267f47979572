using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Modules;

/// <summary>The element types that a module computes in.</summary>
internal static class ModuleTypes
{
    /// <summary>The types of its parameters and buffers, in the order in which it registers them; float32 where it has none.</summary>
    public static ScalarType[] Of(nn.Module module)
    {
        ScalarType[] types = [.. module.parameters().Concat<Tensor>(module.buffers()).Where(value => value.is_floating_point()).Select(value => value.dtype).Distinct()];
        return types.Length > 0 ? types : [ScalarType.Float32];
    }

    /// <summary>How far apart two ways to the same probability may be in that type; see <see cref="ScoreRows"/>.</summary>
    public static double RoundingOf(ScalarType type) => type switch
    {
        ScalarType.Float16 => 2e-3,
        ScalarType.BFloat16 => 1.5e-2,
        _ => ScoreRows.FloatRounding,
    };

    public static Tensor AsFloat(this Tensor value) => value.dtype == ScalarType.Float32 ? value : value.to(ScalarType.Float32);
}
