"""HTTP/1.1 on sockets: connections that cannot hold the server up, and the application in threads behind them."""
