using Microsoft.ML.AbsCam.Samples.Service;

PhotoService.Create(args).Run();
