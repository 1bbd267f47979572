using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks;

/// <summary>Backward passes that end at a feature layer.</summary>
internal static class LayerGradients
{
    /// <summary>The classes asked for as indices [B,T].</summary>
    /// <param name="classes">One array a target, with a class for each row.</param>
    /// <param name="device">Where the scores are.</param>
    public static Tensor Index(IReadOnlyList<long[]> classes, Device device)
    {
        using DisposeScope scope = NewDisposeScope();
        return stack(classes.Select(rows => tensor(rows)), 1).to(device).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The gradient of each target's logits, [B,C,h,w] a target. Rows do not touch each other, so the sum of the rows'
    /// logits has every row's own gradient.
    /// </summary>
    /// <param name="asked">The logits of the targets [B,T], connected to the layer.</param>
    /// <param name="activation">The layer's output: a leaf that requires a gradient.</param>
    /// <param name="layer">The layer's name, for messages.</param>
    /// <exception cref="InvalidOperationException">The logits are not connected to the layer.</exception>
    public static Tensor[] Of(Tensor asked, Tensor activation, string layer)
    {
        CheckConnected(asked, layer);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable grad = enable_grad();
        var gradients = new Tensor[asked.shape[1]];
        for (int t = 0; t < gradients.Length; t++)
        {
            gradients[t] = autograd.grad([asked.select(1, t).sum()], [activation], retain_graph: t + 1 < gradients.Length)[0].MoveToOuterDisposeScope();
        }

        return gradients;
    }

    /// <summary>The same of a function of the outputs [B,outputs] that gives one number a row and target [B,T].</summary>
    public static Tensor[] OfFunction(Tensor outputs, Func<Tensor, Tensor> asked, Tensor activation, string layer)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable grad = enable_grad();
        Tensor[] gradients = Of(asked(outputs), activation, layer);
        scope.MoveToOuter(gradients);
        return gradients;
    }

    /// <summary>
    /// The same, and for each target once more the product of the Hessian and the activation, H A: the gradient of g . A with A held. It is made row by row at once, as rows
    /// do not touch each other; where the function is linear in the layer, or piecewise so, it is zero.
    /// </summary>
    public static Tensor[] WithCurvatures(Tensor outputs, Func<Tensor, Tensor> asked, Tensor activation, string layer)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable grad = enable_grad();
        Tensor numbers = asked(outputs);
        CheckConnected(numbers, layer);
        Tensor held = activation.detach();
        var results = new Tensor[2 * numbers.shape[1]];
        for (int t = 0; t < results.Length / 2; t++)
        {
            Tensor gradient = autograd.grad([numbers.select(1, t).sum()], [activation], retain_graph: true, create_graph: true)[0];

            // libtorch would end the process where the gradient does not depend on the layer, so it is made to, by nothing.
            Tensor along = (gradient * held).sum().Plus((activation * zeros_like(activation)).sum());
            results[t] = gradient.detach();
            results[(results.Length / 2) + t] = autograd.grad([along], [activation], retain_graph: true)[0];
        }

        scope.MoveToOuter(results);
        return results;
    }

    /// <summary>The same from the logits of all classes [B,classes].</summary>
    public static Tensor[] OfAll(Tensor logits, IReadOnlyList<long[]> classes, Tensor activation, string layer)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable grad = enable_grad();
        Tensor[] gradients = Of(logits.gather(1, Index(classes, logits.device)), activation, layer);
        scope.MoveToOuter(gradients);
        return gradients;
    }

    /// <summary>The same at several values within the network, [T][values]; zeros where a number does not depend on one.</summary>
    public static Tensor[][] AtAll(Tensor outputs, Func<Tensor, Tensor> asked, IReadOnlyList<Tensor> values)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable grad = enable_grad();
        Tensor numbers = asked(outputs);

        // What a number does not depend on has to be part of the sum, or libtorch ends the process.
        Tensor nothing = values.Aggregate(zeros(1, device: outputs.device), (sum, value) => sum.Plus((value * zeros_like(value)).sum().to(ScalarType.Float32)));
        var gradients = new Tensor[numbers.shape[1]][];
        for (int t = 0; t < gradients.Length; t++)
        {
            gradients[t] = [.. autograd.grad([numbers.select(1, t).sum().Plus(nothing)], [.. values], retain_graph: true)];
            scope.MoveToOuter(gradients[t]);
        }

        return gradients;
    }

    private static void CheckConnected(Tensor asked, string layer)
    {
        if (!asked.requires_grad)
        {
            // libtorch would end the process over this.
            throw new InvalidOperationException($"The scores do not depend on the layer '{layer}', so there is nothing to explain in it. Name a layer that the scores are computed from.");
        }
    }
}
