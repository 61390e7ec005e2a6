using GatewayOS.Lab;

return await CommandLine.RunAsync(args);
