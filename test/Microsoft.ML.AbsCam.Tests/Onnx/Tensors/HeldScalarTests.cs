using System.Runtime.CompilerServices;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Onnx.Tensors;

/// <summary>libtorch gets a number's address alone, so somebody has to keep the number.</summary>
[TestClass]
public sealed class HeldScalarTests
{
    [TestMethod]
    public void A_number_lives_on_after_its_last_use_until_others_have_been_made()
    {
        WeakReference number = Make(3.5);
        Collect();
        Assert.IsTrue(number.IsAlive, "a call that was given its address may still read it");
        for (int i = 0; i < 16; i++)
        {
            HeldScalar.Of(i);
        }

        Collect();
        Assert.IsFalse(number.IsAlive, "numbers do not pile up");
    }

    [TestMethod]
    public void Another_threads_numbers_do_not_push_out_ones_own()
    {
        WeakReference number = Make(2.5);
        var other = new Thread(() => Enumerable.Range(0, 100).ToList().ForEach(i => HeldScalar.Of((long)i)));
        other.Start();
        other.Join();
        Collect();
        Assert.IsTrue(number.IsAlive);
    }

    /// <summary>What they stand in for, by TorchSharp's own; also the gradients.</summary>
    [TestMethod]
    public void Operations_with_held_numbers_are_those_of_TorchSharp()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(new[] { -30f, -2f, -0.5f, 0f, 0.25f, 1f, 25f });
        AreAlike(x, value => value.add(value), value => value.Plus(value));
        AreAlike(x, value => value.add(0.75), value => value.Plus(0.75));
        AreAlike(x, value => value.square(), value => value.Squared());
        AreAlike(x, value => nn.functional.softplus(value), value => value.SoftPlus());
        AreAlike(x, value => nn.functional.elu(value, 0.5), value => value.Elu(0.5));
        Assert.AreEqual(ScalarType.Int64, tensor(new long[] { 1, 2 }).Plus(3).dtype);
        Assert.AreEqual("0 1 2", string.Join(" ", HeldOperations.CountTo(3, ScalarType.Float32).ToFloats()));
        Assert.AreEqual("2 2", string.Join(" ", ones(2).PlusInPlace(1).ToFloats()));
    }

    private static void AreAlike(Tensor x, Func<Tensor, Tensor> theirs, Func<Tensor, Tensor> ours)
    {
        Close.AreClose(theirs(x).ToFloats(), ours(x).ToFloats(), 1e-5, "value");
        Close.AreClose(Gradient(x, theirs), Gradient(x, ours), 1e-5, "gradient");
    }

    private static float[] Gradient(Tensor x, Func<Tensor, Tensor> function)
    {
        Tensor leaf = x.clone().requires_grad_();
        return autograd.grad([function(leaf).sum()], [leaf])[0].ToFloats();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Make(double value) => new(HeldScalar.Of(value));

    private static void Collect()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
