using Samples;
using Samples.Audit;
using Samples.Evaluate;
using Samples.ExplainInParallel;
using Samples.FineTuneOnnx;
using Samples.FirstMaps;
using Samples.GridAndSanity;
using Samples.ModelFromMemory;
using Samples.OwnModule;
using Samples.PredictOne;
using Samples.ReadParquet;
using Samples.SaveAndLoad;
using Samples.TrainOnMaps;

// The samples take a network and pictures from the demo, so that they run anywhere. Four pictures are the least that make a grid.
using var inputs = new SampleInputs(pictures: 4);
FirstMaps.Example();
PredictOne.Example();
SaveAndLoad.Example();
OwnModule.Example();
Evaluate.Example();
GridAndSanity.Example();
Audit.Example();
ModelFromMemory.Example();
ExplainInParallel.Example();
TrainOnMaps.Example();
ReadParquet.Example();

// This one takes ResNet-20 for CIFAR-10 and a folder of its pictures, which are not the demo's.
if (args is [string resNet, string cifar])
{
    FineTuneOnnx.Example(resNet, cifar, "resnet20.dat");
}
