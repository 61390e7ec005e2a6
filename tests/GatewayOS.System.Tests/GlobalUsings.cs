global using Xunit;

// What is measured is traffic, so nothing else runs meanwhile.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
