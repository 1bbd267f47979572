using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Saliency.Stopping;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>
/// What a method can ask for, of one batch of images at one layer. The pass and the gradients are made when they are first
/// asked for, and once.
/// </summary>
/// <param name="batch">What is shared with other layers and copies.</param>
/// <param name="input">The images X [B,C,H,W].</param>
/// <param name="layer">The layer; null for a method that needs none.</param>
internal sealed class MethodContext(MethodBatch batch, Tensor input, string? layer)
{
    private LayerPass? _pass;
    private Tensor[]? _gradients;

    public Tensor Input => input;

    public int Rows => (int)input.shape[0];

    /// <summary>The layer's output A [B,C,h,w], as float32 whatever the network computes with.</summary>
    public Tensor Activation => Pass.Activation.detach().to(ScalarType.Float32);

    /// <summary>The logits of the targets [B,T].</summary>
    public Tensor Logits => batch.Logits(Pass.Logits.detach());

    /// <summary>The gradient of each target's logit with respect to A, [B,C,h,w] a target, as float32.</summary>
    public IReadOnlyList<Tensor> Gradients => _gradients ??= [.. Gradient().Select(gradient => gradient.to(ScalarType.Float32))];

    /// <summary>The gradients, or zeros for a method that does not look at them.</summary>
    public IReadOnlyList<Tensor> GradientsOrZeros(bool needsGradient)
        => needsGradient ? Gradients : [.. Enumerable.Repeat(zeros(1, device: Activation.device).expand(Activation.shape), Targets)];

    /// <summary>The gradient g of each target's logit with respect to A, and the product H A of its Hessian and A, [B,C,h,w] each, as float32. For methods that say that they need it.</summary>
    public IReadOnlyList<(Tensor Gradient, Tensor Product)> Curvatures()
    {
        Tensor[] both = [.. batch.Curvatures(Pass).Select(one => one.to(ScalarType.Float32))];
        return [.. both.Take(Targets).Zip(both.Skip(Targets))];
    }

    /// <summary>A pass through a transformer with its attention matrices. A pass a row.</summary>
    /// <param name="withGraph">Whether <see cref="AttentionGradients"/> will be asked for.</param>
    public AttentionPass Attend(bool withGraph) => batch.Attend(input, withGraph);

    /// <summary>The gradients of the targets' logits at each attention matrix [T][blocks], [B,heads,n,n] each.</summary>
    public Tensor[][] AttentionGradients(AttentionPass pass) => batch.Gradients(pass);

    /// <summary>What the targets' logits [B,T] are the sum of [T][parts]. A pass a row.</summary>
    public (BiasPass Pass, Tensor Logits, Tensor[][] Parts) Biases() => batch.Biases(input);

    /// <summary>The gradient of each target's logit with respect to images [B,C,H,W] made of the rows' own, at these images, [B,C,H,W] a target, as float32. A pass a row.</summary>
    public IReadOnlyList<Tensor> GradientsAt(Tensor images)
        => [.. batch.GradientsAt(images).Select(gradient => gradient.to(ScalarType.Float32))];

    /// <summary>Scores and targets of the batch. Copies of images are explained for the targets of the images themselves.</summary>
    public ScoredBatch Scored
    {
        get
        {
            if (layer is not null)
            {
                _ = Pass;
            }

            return batch.Scored;
        }
    }

    public int Targets => batch.Settings.Question.TargetsPerRow;

    public int PassSize => batch.Settings.PassSize;

    public MapTolerance Tolerance => batch.Settings.Tolerance;

    /// <summary>Rows and columns of the maps to make.</summary>
    public (long Height, long Width) Size => batch.Settings.AtLayerSize ? (Activation.shape[2], Activation.shape[3]) : (input.shape[2], input.shape[3]);

    private Tensor[] Gradient()
    {
        // The pass's own scores serve the batch, where it is one of the images themselves.
        LayerPass pass = Pass;
        return batch.Gradients(pass);
    }

    private LayerPass Pass => _pass ??= batch.RunFromLayer(input, layer!);

    /// <summary>The same for copies of the images, whose scores are left out of account.</summary>
    public MethodContext For(Tensor copies)
    {
        // Targets are those of the images, so these have to be scored before any copy is.
        _ = batch.Scored;
        return new MethodContext(batch, copies, layer);
    }

    /// <summary>Says that so many images are to be scored with something masked.</summary>
    public static void ExpectMasks(int count) => MethodBatch.ExpectMasks(count);

    /// <summary>The probabilities of each row's targets [N,T] on images [N,C,H,W]; to be counted.</summary>
    /// <param name="images">Images made of the batch's.</param>
    /// <param name="rows">The row that each was made of.</param>
    public Tensor Score(Tensor images, ReadOnlySpan<int> rows)
    {
        Tensor probabilities = batch.Score(images, rows);
        MethodBatch.TellMasks(images.shape[0]);
        return probabilities;
    }

    /// <summary>The absolute logits of each row's targets [N,T] on images [N,C,H,W]; to be counted.</summary>
    /// <inheritdoc cref="Score"/>
    public Tensor ScoreByLogit(Tensor images, ReadOnlySpan<int> rows) => batch.LogitsOf(images, rows).abs();

    /// <summary>The logits of the rows' targets [N,T] with these activations [N,C,h,w] instead of those of their images; to be counted.</summary>
    public Tensor RunTail(ReadOnlySpan<int> rows, Tensor activation)
    {
        Tensor of = tensor(rows.ToArray()).to(ScalarType.Int64).to(input.device);
        Tensor logits = batch.RunTail(input.index_select(0, of), rows, layer!, activation.to(Pass.Activation.dtype));
        MethodBatch.TellMasks(activation.shape[0]);
        return logits;
    }

    /// <summary>The probabilities of the rows' targets [N,T] with these activations [N,C,h,w] instead of those of their images; to be counted.</summary>
    public Tensor ScoreTail(ReadOnlySpan<int> rows, Tensor activation)
    {
        Tensor of = tensor(rows.ToArray()).to(ScalarType.Int64).to(input.device);
        Tensor probabilities = batch.ScoreTail(input.index_select(0, of), rows, layer!, activation.to(Pass.Activation.dtype));
        MethodBatch.TellMasks(activation.shape[0]);
        return probabilities;
    }

    /// <summary>Notes images of a row that went through the network.</summary>
    public void Count(int row, int images = 1) => batch.Forwards[row] += images;
}
