using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.RandomNetworks;

/// <summary>What TorchSharp made of some images, value by value, in double precision and with channels first.</summary>
/// <param name="isLocal">
/// Whether what gates and norms learn of a whole map is taken as constant, so that a gradient at the image shows what the windows alone can see.
/// </param>
internal sealed class TwinRun(bool isLocal)
{
    private readonly Dictionary<string, Tensor> _values = [];

    public Tensor this[TwinMap map] => _values[map.Origin];

    public void Put(string origin, Tensor value) => _values.Add(origin, value);

    public Tensor Whole(Tensor statistic) => isLocal ? statistic.detach() : statistic;
}
