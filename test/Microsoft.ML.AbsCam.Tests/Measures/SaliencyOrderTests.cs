using Microsoft.ML.AbsCam.Measures.Perturbation;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Measures;

[TestClass]
public sealed class SaliencyOrderTests
{
    [TestMethod]
    public void Of_equal_pixels_the_later_comes_first()
        => CollectionAssert.AreEqual((int[])[4, 2, 5, 3, 1, 0], SaliencyOrder.Falling([0, 0, 0.5f, 0, 1, 0]));

    [TestMethod]
    public void Both_zeros_are_one_value()
        => CollectionAssert.AreEqual((int[])[4, 3, 2, 1, 0], SaliencyOrder.Falling([-0f, 0f, -0f, 0f, -0f]));

    [TestMethod]
    public void A_plateau_runs_backwards_as_a_whole()
        => CollectionAssert.AreEqual(Enumerable.Range(0, 1000).Reverse().ToArray(), SaliencyOrder.Falling(new float[1000]));

    [TestMethod]
    public void Negative_tiny_and_huge_values_have_their_places()
        => CollectionAssert.AreEqual((int[])[3, 5, 4, 0, 6, 1, 2], SaliencyOrder.Falling([0, -1, -3e38f, 3e38f, float.Epsilon, 1, -float.Epsilon]));

    [TestMethod]
    public void The_order_is_that_of_picking_one_pixel_after_the_other()
    {
        for (int number = 0; number < 20; number++)
        {
            float[] map = number % 2 == 0 ? MeasureRow.Map(number) : OnnxModelBuilder.Numbers([64], number);
            CollectionAssert.AreEqual(BruteForceMeasures.Order(map), SaliencyOrder.Falling(map));
        }
    }
}
