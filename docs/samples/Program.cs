using Microsoft.ML.AbsCam.Samples;

// The samples take a network and pictures from the demo, so that they run anywhere.
using var inputs = new SampleInputs();
ExplainFolder.Example(inputs.PhotoFolder, inputs.FileNames, inputs.Model, inputs.Labels);
PredictOne.Example(inputs.PhotoFolder, inputs.FileNames, inputs.Model, inputs.Labels);
SaveAndLoad.Example(inputs.PhotoFolder, inputs.FileNames, inputs.Model, inputs.Labels);
OwnModule.Example();
Evaluate.Example(inputs.PhotoFolder, inputs.FileNames, inputs.Boxes, inputs.Model);
ReadParquet.Example(inputs.ExplainIntoParquet());
