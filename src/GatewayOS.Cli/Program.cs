using GatewayOS.Cli;

return await CommandTree.RunAsync(args, Console.OpenStandardInput, Console.Out, Console.Error);
