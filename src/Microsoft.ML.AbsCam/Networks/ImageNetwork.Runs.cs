using Microsoft.ML.AbsCam.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam;

/// <content>Passes through the network, which take turns.</content>
public abstract partial class ImageNetwork
{
    /// <summary>Runs the network forward only and returns the class scores [B,classes].</summary>
    /// <param name="input">The images [B,C,H,W].</param>
    /// <param name="device">Where the network runs.</param>
    /// <param name="engine">What <see cref="ChooseEngine"/> settled.</param>
    internal Tensor RunForward(Tensor input, Device device, NetworkEngine engine = NetworkEngine.TorchSharp)
    {
        lock (_turn)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            return Forward(input, device, engine).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Runs the network forward, ready for gradients that end at the layer, or for none.</summary>
    /// <inheritdoc cref="RunForward"/>
    /// <param name="input">The images [B,C,H,W].</param>
    /// <param name="layer">The layer.</param>
    /// <param name="device">Where the network runs.</param>
    /// <param name="withGraph">Whether gradients will be asked for.</param>
    /// <param name="engine">What <see cref="ChooseEngine"/> settled.</param>
    /// <param name="toOutputs">Whether gradients of any function of the outputs will be asked for, and not of single scores.</param>
    internal LayerPass RunFromLayer(Tensor input, string layer, Device device, bool withGraph = true, NetworkEngine engine = NetworkEngine.TorchSharp, bool toOutputs = false)
        => InTurn(() => ForwardFromLayer(input, layer, device, withGraph, engine, toOutputs));

    /// <summary>Runs the network in TorchSharp, ready for gradients that end at the image itself, which takes the layer's place.</summary>
    /// <inheritdoc cref="RunForward"/>
    internal LayerPass RunFromInput(Tensor input, Device device) => InTurn(() =>
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        using IDisposable grad = enable_grad();
        Tensor leaf = input.to(device).detach().clone().requires_grad_(true);

        // A clone, since a network may begin with an operation in place, and a leaf takes none.
        Tensor scores = Forward(leaf.clone(), device, NetworkEngine.TorchSharp);
        scope.MoveToOuter(leaf, scores);
        return LayerPass.Connected(leaf, leaf, scores, "input");
    });

    /// <summary>The gradients of the logits of T classes a row with respect to the layer, [B,C,h,w] each.</summary>
    /// <param name="pass">What <see cref="RunFromLayer"/> gave; it serves once.</param>
    /// <param name="classes">T arrays of a class for each row.</param>
    internal Tensor[] Gradients(LayerPass pass, IReadOnlyList<long[]> classes) => InTurn(() => pass.Gradients(classes));

    /// <summary>The gradients of T numbers a row that a function makes of the outputs, [B,C,h,w] each.</summary>
    /// <param name="pass">What <see cref="RunFromLayer"/> gave for functions of the outputs; it serves once.</param>
    /// <param name="asked">From the outputs [B,outputs] to [B,T], differentiable.</param>
    internal Tensor[] Gradients(LayerPass pass, Func<Tensor, Tensor> asked) => InTurn(() => pass.Gradients(asked));

    /// <summary>The gradients g of T numbers a row that a function makes of the outputs, and then the T products H A of their Hessians and the layer's output, [B,C,h,w] each.</summary>
    /// <inheritdoc cref="Gradients(LayerPass, Func{Tensor, Tensor})"/>
    internal Tensor[] Curvatures(LayerPass pass, Func<Tensor, Tensor> asked) => InTurn(() => pass.Curvatures(asked));

    /// <summary>
    /// The class scores [N,classes] of images whose layer is replaced by the activation, without a graph. What lies before
    /// the layer runs only as far as the rest also reads it by another way.
    /// </summary>
    /// <param name="input">The images [N,C,H,W] that the activations come from.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="activation">What the layer is to give [N,K,h,w].</param>
    /// <param name="device">Where to run.</param>
    internal Tensor RunTail(Tensor input, string layer, Tensor activation, Device device)
    {
        lock (_turn)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            return ForwardTail(input, layer, activation, device).MoveToOuterDisposeScope();
        }
    }
}
