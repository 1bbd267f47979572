using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Saliency.Naming;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>
/// Recipro-CAM (Byun and Lee, CVPR Workshops 2024, arXiv 2209.14074): the map at a place is the probability of the class where the layer
/// keeps its activations at that place alone and is zero elsewhere.
/// </summary>
/// <remarks>
/// With <c>gaussian</c> the place's own activations stand, weighted by 1/4, 1/8 and 1/16, in its neighbours too, as in the authors' filter of 3 x 3;
/// their code leaves it off unless it is asked for. The network runs from the layer on, in passes that hold places of several images.
/// </remarks>
internal sealed class ReciproCam : SaliencyMethod
{
    public const string Family = "recipro-cam";

    private readonly bool _gaussian;

    public ReciproCam(bool gaussian = false)
        : base(MethodName.Write(Family, ("gaussian", gaussian, false))) => _gaussian = gaussian;

    internal override MethodNeeds Needs => MethodNeeds.Activation;

    internal override bool NeedsProbability => true;

    public override bool Equals(object? obj) => obj is ReciproCam other && other.Name == Name;

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    internal override LayerMaps Run(MethodContext context)
    {
        Tensor activation = context.Activation;
        (int height, int width) = ((int)activation.shape[2], (int)activation.shape[3]);
        int places = height * width;
        float[] maps = new float[context.Rows * context.Targets * places];
        MethodContext.ExpectMasks(context.Rows * places);
        foreach (int[] pass in Enumerable.Range(0, context.Rows * places).Chunk(context.PassSize))
        {
            using var scope = NewDisposeScope();
            int[] rows = [.. pass.Select(place => place / places)];
            float[] scores = context.ScoreTail(rows, Kept(activation, pass)).ToFloats();
            for (int i = 0; i < scores.Length; i++)
            {
                (int place, int target) = (pass[i / context.Targets], i % context.Targets);
                maps[(((place / places * context.Targets) + target) * places) + (place % places)] = scores[i];
            }

            foreach (int row in rows)
            {
                context.Count(row);
            }
        }

        Tensor all = TensorData.FromFloats(maps, context.Rows, context.Targets, height, width).to(activation.device);
        return LayerMaps.Of(Enumerable.Range(0, context.Targets).Select(target => all.select(1, target)), context.Size);
    }

    /// <summary>What is left of the layer where these places alone are kept [n,C,h,w]; places count on from row to row.</summary>
    private Tensor Kept(Tensor activation, int[] places)
    {
        (long channels, int height, int width) = (activation.shape[1], (int)activation.shape[2], (int)activation.shape[3]);
        int size = height * width;
        float[] masks = new float[places.Length * size];
        int reach = _gaussian ? 1 : 0;
        for (int i = 0; i < places.Length; i++)
        {
            (int y, int x) = (places[i] % size / width, places[i] % size % width);
            for (int v = Math.Max(y - reach, 0); v <= Math.Min(y + reach, height - 1); v++)
            {
                for (int u = Math.Max(x - reach, 0); u <= Math.Min(x + reach, width - 1); u++)
                {
                    masks[(i * size) + (v * width) + u] = _gaussian ? 0.25f / (1 << (Math.Abs(v - y) + Math.Abs(u - x))) : 1;
                }
            }
        }

        // [B,h,w,C] in one line: the places' own activations.
        Tensor pixels = activation.permute(0, 2, 3, 1).reshape(-1, channels);
        Tensor own = pixels.index_select(0, tensor(places.Select(place => (long)place).ToArray()).to(activation.device));
        return own.view(places.Length, channels, 1, 1) * TensorData.FromFloats(masks, places.Length, 1, height, width).to(activation.device);
    }
}
